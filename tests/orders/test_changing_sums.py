"""Any run of edits: amounts add up, stock is set aside for exactly what is wanted, nothing is lost."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.actors import Actor, ActorKind, acting
from core.errors import DomainError
from core.invariants import audit
from core.money import ZERO
from orders.drafts import WhenShort
from orders.models import Order, Price
from orders.services.changing import (
    ChangeAsked,
    Wanted,
    approve_changes,
    edit_order,
    preview_changes,
)
from orders.states import ChangeKind, ChangeState
from tests.cast import NOON, make_shop
from tests.orders.test_kits import make_kit

ANNA = Actor(ActorKind.USER, "1", "Anna")
AMOUNTS = st.decimals("0", "40", places=2)
STEP = st.one_of(
    st.tuples(st.just("quantity"), st.integers(0, 3), st.integers(0, 7)),
    st.tuples(st.just("price"), st.integers(0, 3), AMOUNTS),
    st.tuples(st.just("add"), st.integers(0, 1), st.integers(1, 4)),
    st.tuples(st.just("discount"), st.just(0), AMOUNTS),
    st.tuples(st.just("shipping"), st.just(0), AMOUNTS),
)


def asked_for(order: Order, step, skus) -> ChangeAsked:
    kind, place, value = step
    if kind == "add":
        return ChangeAsked(kind=ChangeKind.ADD_LINE, sku=skus[place], quantity=value)
    if kind == "discount":
        return ChangeAsked(kind=ChangeKind.ORDER_DISCOUNT, amount=value, reason="x")
    if kind == "shipping":
        return ChangeAsked(kind=ChangeKind.CHANGE_SHIPPING, amount=value)
    things = [*order.lines.filter(kit=None), *order.kits.all()]
    thing = things[place % len(things)]
    about = {"line_id": thing.pk} if hasattr(thing, "kit_id") else {"kit_id": thing.pk}
    if kind == "price":
        return ChangeAsked(kind=ChangeKind.CHANGE_PRICE, amount=value, reason="x", **about)
    return ChangeAsked(kind=ChangeKind.CHANGE_QUANTITY, quantity=value, **about)


class Edits(TestCase):
    @settings(max_examples=25)
    @given(
        steps=st.lists(st.lists(STEP, min_size=1, max_size=3), min_size=1, max_size=5),
        on_top=st.booleans(),
        discount=AMOUNTS,
    )
    def test_any_run_of_edits_adds_up(self, steps, on_top, discount):
        shop = make_shop()
        for variant in (shop.mug, shop.lamp):
            Price.objects.create(variant=variant, currency="EUR", amount=Decimal("9.99"))
            shop.stock(variant, 12)
        kit = make_kit("SET", (shop.mug, 2), (shop.lamp, 1))
        order = shop.order(
            (shop.mug, 3, "3.33"),
            (kit, 2, "19.99"),
            order_discount=discount,
            prices_include_tax=not on_top,
            shipping=Decimal("4.90"),
            shipping_tax_rate=Decimal("0.19"),
        )
        for batch in steps:
            wanted = Wanted(
                asked=[asked_for(order, step, ("MUG", "LAMP")) for step in batch],
                reason="x",
                when_short=WhenShort.BACKORDER,
            )
            later = NOON + timedelta(hours=1)
            try:
                shown = preview_changes(order_id=order.pk, wanted=wanted, now=later)
            except DomainError:
                continue
            with acting(ANNA):
                change = edit_order(order_id=order.pk, wanted=wanted, seen=shown.figures, now=later)
            if change.state == ChangeState.AWAITING:
                approve_changes(change_set_id=change.pk, seen=shown.figures, now=later)
            order.refresh_from_db()
            worth = sum((line.total - line.credited for line in order.lines.all()), ZERO)
            on_shipping = ZERO if order.prices_include_tax else order.shipping_tax
            assert order.owed == worth + order.shipping_total + on_shipping
            assert [(one.invariant.code, one.offences) for one in audit()] == []
