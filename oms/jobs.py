"""Long work of the whole system: the rest of the demo."""

from django.db import transaction
from django.utils import timezone

from core.jobs import Handle, job, start
from core.models import Channel, User
from customers.models import Customer
from inventory.models import Location, Variant
from oms.demo.filling import fill
from oms.demo.goods import GOODS, Goods
from oms.demo.store import LOGINS, PEOPLE, Store
from orders.models import ShippingService

CHUNK = 20  # between two chunks other jobs get their turn


@job("demo.rest", title="Fill the demo with more orders")
def fill_rest(handle: Handle, *, count: int, seed: int) -> str:
    """Tell the story on in chunks, each with its own seed, so that it goes on where it stopped."""
    store = stored()
    done = int(handle.resume_from or 0)
    while done < count:
        chunk = min(CHUNK, count - done)
        for placed in fill(store, count=chunk, seed=seed + done, now=timezone.now(), refills=False):
            handle.progress(done + placed, count, "orders placed")
        done += chunk
        handle.checkpoint(done)
    return f"{count:,} more orders are there."


def start_rest(*, count: int, seed: int) -> None:
    """Let the worker fill in the rest of the demo's orders."""
    with transaction.atomic():
        start("demo.rest", params={"count": count, "seed": seed}, dedupe="demo.rest")


def stored() -> Store:
    """The demo store as it was built, read back."""
    goods_of = {goods.name: goods for goods in GOODS}
    variants: list[tuple[Variant, Goods]] = [
        (variant, goods_of[variant.product.name])
        for variant in Variant.objects.select_related("product").order_by("pk")
        if variant.product.name in goods_of
    ]
    people = Customer.objects.filter(identities__isnull=False).order_by("pk")
    customers: dict[str, list[Customer]] = {}
    for customer in people.prefetch_related("identities__channel")[:PEOPLE]:
        code = customer.identities.all()[0].channel.code
        customers.setdefault(code, []).append(customer)
    return Store(
        channels={one.code: one for one in Channel.objects.select_related("legal_entity")},
        locations={one.code: one for one in Location.objects.all()},
        staff={role.value: User.objects.get(email=email) for role, email, _ in LOGINS},
        variants=variants,
        customers=customers,
        buyers=list(Customer.objects.filter(company__isnull=False).order_by("pk")),
        services={one.code: one for one in ShippingService.objects.all()},
    )
