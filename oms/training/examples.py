"""A thing of the demo for each task: the page on which the task can be done now."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse

from core.models import User
from oms.training.tasks import IMPORT, MATCH, PACK, PAY, RELEASE, RETURN, SHIP, Task
from orders.models import Hold, Order
from orders.selectors import orders_seen_by
from orders.states import FulfilmentState, HoldKind, OrderState, PaymentStatus, PaymentTerms
from returns.selectors import returns_seen_by
from returns.states import ReturnState
from shipping.selectors.shipments import shipments_seen_by
from shipping.selectors.work import work_queue
from shipping.states import ShipmentState

SPREAD = 20  # people in training together are asked for different customers


@dataclass(frozen=True)
class Example:
    """A page to go to; `label` names what is there."""

    label: str
    url: str


def example_for(task: Task, user: User) -> Example | None:
    """Where the user can do the task now; None when nothing fitting is left. One query."""
    finder = FINDERS.get(task.code)
    return finder(user) if finder else None


def customer_to_find(user: User) -> Order | None:
    """An order whose customer the user is asked to look up; the same one each time. One query."""
    named = orders_seen_by(user).filter(customer__isnull=False).exclude(customer_name="")
    at = user.pk % SPREAD
    return named.order_by("pk")[at : at + 1].first() or named.order_by("pk").first()


def _order(user: User, **wanted: object) -> Example | None:
    """The youngest such order: older ones may be ended by the clock meanwhile."""
    order = orders_seen_by(user).filter(state=OrderState.OPEN, **wanted).order_by("-pk").first()
    return _to_order(order)


def _to_order(order: Order | None) -> Example | None:
    if order is None:
        return None
    return Example(f"Open order {order.number}", reverse("orders:order_detail", args=[order.pk]))


def _held(user: User) -> Example | None:
    """An order held for its address, rather than one that may be fraud."""
    holds = Hold.objects.filter(order=OuterRef("pk"), released_at=None)
    waiting = orders_seen_by(user).filter(Exists(holds), state=OrderState.OPEN)
    gentle = holds.filter(kind=HoldKind.ADDRESS)
    return _to_order(
        waiting.annotate(is_gentle=Exists(gentle)).order_by("-is_gentle", "pk").first()
    )


def _unknown(user: User) -> Example | None:
    return _order(user, unknown_lines__gt=0)


def _unpaid(user: User) -> Example | None:
    return _order(
        user,
        payment_status=PaymentStatus.PENDING,
        payment_terms=PaymentTerms.PREPAID,
        unknown_lines=0,
        open_holds=0,
    )


def _work(user: User) -> Example | None:
    work = work_queue(user).filter(state=FulfilmentState.READY, order__open_holds=0)
    found = work.order_by("pk").first()
    if found is None:
        return None
    return Example(f"Pick {found.number}", reverse("shipping:pick_page", args=[found.pk]))


def _packed(user: User) -> Example | None:
    ready = (ShipmentState.PACKED, ShipmentState.LABELLED)
    shipments = shipments_seen_by(user).filter(state__in=ready, order__open_holds=0)
    found = shipments.order_by("-pk").first()
    if found is None:
        return None
    url = reverse("shipping:shipment_detail", args=[found.pk])
    return Example(f"Open shipment {found.number}", url)


def _coming_back(user: User) -> Example | None:
    found = returns_seen_by(user).filter(state=ReturnState.APPROVED).order_by("pk").first()
    if found is None:
        return None
    return Example(f"Open return {found.number}", reverse("returns:return_detail", args=[found.pk]))


def _import(_user: User) -> Example:
    return Example("Import orders", f"{reverse('import_new')}?kind=orders")


FINDERS = {
    RELEASE.code: _held,
    MATCH.code: _unknown,
    PAY.code: _unpaid,
    PACK.code: _work,
    SHIP.code: _packed,
    RETURN.code: _coming_back,
    IMPORT.code: _import,
}
