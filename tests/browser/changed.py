"""An order that was changed, and a change that waits for a second person, for the walk over all pages."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils import timezone

from core.actors import Actor, ActorKind, acting
from orders.models import ChangeSet, EditRule
from orders.services.changing import ChangeAsked, Wanted, edit_order
from orders.states import ChangeKind
from tests.cast import Shop

WITHOUT_ARGUMENTS = ("orders:edit_rule_list", "orders:edit_rule_new")


def change(shop: Shop) -> None:
    """One change that was applied and one above the limit, asked for by a colleague."""
    EditRule.objects.create(channel=shop.web, amount_limit=Decimal("15"))
    order = shop.order((shop.mug, 3, "9.95"))
    line = order.lines.get()
    with acting(Actor(ActorKind.USER, "0", "Nora Sales")):
        for units in (2, 5):
            asked = ChangeAsked(kind=ChangeKind.CHANGE_QUANTITY, line_id=line.pk, quantity=units)
            edit_order(
                order_id=order.pk,
                wanted=Wanted(asked=[asked], reason="Customer called"),
                now=timezone.now(),
            )


def pages(page) -> Iterator[tuple[str, str]]:
    waiting = ChangeSet.objects.get(state="awaiting")
    applied = ChangeSet.objects.get(state="confirmed")
    yield page("orders:order_detail", waiting.order_id)
    yield page("orders:order_edit", waiting.order_id)
    for one in (waiting, applied):
        yield page("orders:change_detail", one.order_id, one.pk)
    yield page("orders:edit_rule_edit", EditRule.objects.get().pk)
