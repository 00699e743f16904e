"""Edits of placed orders: what each action does to units, stock, money, work and papers."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.actors import Actor, ActorKind, acting
from core.address import Address
from core.errors import DomainError, StaleEdit
from core.models import AttentionItem, StoredFact
from core.outbox import drain
from customers.errors import CreditExceeded
from customers.models import CreditAccount
from inventory.models import Demand
from orders.drafts import WhenShort
from orders.errors import CannotDecide, CannotEdit, OutOfStock
from orders.models import (
    ChangeAction,
    ChangeSet,
    ChannelPolicy,
    EditRule,
    Order,
    Price,
    ShippingService,
    TaxRate,
)
from orders.services import (
    add_note,
    cancel_order,
    record_packed,
    record_shipped,
    start_work,
)
from orders.services.changing import (
    ChangeAsked,
    Wanted,
    approve_changes,
    confirm_changes,
    decline_changes,
    discard_changes,
    edit_order,
    open_changes,
    preview_changes,
)
from orders.states import ChangeKind, ChangeState, FulfilmentState, PaymentStatus, PaymentTerms
from payments.models import Invoice
from payments.services import issue_invoice
from tests.cast import NOON, make_company_buyer, pay
from tests.orders.test_kits import make_kit

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
ANNA = Actor(ActorKind.USER, "1", "Anna")
BERT = Actor(ActorKind.USER, "2", "Bert")


@pytest.fixture
def priced(shop):
    """Mugs and lamps have a list price and lie on the shelf."""
    for variant, amount in ((shop.mug, "9.90"), (shop.lamp, "25.00")):
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal(amount))
        shop.stock(variant, 10)
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"))
    ChannelPolicy.objects.create(channel=shop.web, override_limit=100)
    return shop


def quantity(line, units):
    return ChangeAsked(kind=ChangeKind.CHANGE_QUANTITY, line_id=line.pk, quantity=units)


def removal(line):
    return ChangeAsked(kind=ChangeKind.REMOVE_LINE, line_id=line.pk)


def added(variant, units, amount=None, reason=""):
    return ChangeAsked(
        kind=ChangeKind.ADD_LINE,
        sku=variant.sku,
        quantity=units,
        amount=None if amount is None else Decimal(amount),
        reason=reason,
    )


def price(line, amount, reason="Agreed by phone"):
    return ChangeAsked(
        kind=ChangeKind.CHANGE_PRICE, line_id=line.pk, amount=Decimal(amount), reason=reason
    )


def discount(amount, reason="Late"):
    return ChangeAsked(kind=ChangeKind.ORDER_DISCOUNT, amount=Decimal(amount), reason=reason)


def shipping(charge=None, service=None):
    return ChangeAsked(
        kind=ChangeKind.CHANGE_SHIPPING,
        amount=None if charge is None else Decimal(charge),
        service_id=service.pk if service else None,
    )


def address(city="Hamburg"):
    return ChangeAsked(
        kind=ChangeKind.CHANGE_ADDRESS, address=Address(name="Ada", city=city, country="DE")
    )


def edit(order, *asked, when_short=WhenShort.REJECT, **more) -> Order:
    wanted = Wanted(asked=list(asked), reason="Customer called", when_short=when_short, **more)
    edit_order(order_id=order.pk, wanted=wanted, now=LATER)
    return Order.objects.get(pk=order.pk)


def preview(order, *asked, **more):
    return preview_changes(order_id=order.pk, wanted=Wanted(asked=list(asked), **more), now=LATER)


def test_more_of_a_line_costs_its_own_price_and_is_set_aside_at_once(priced):
    order = priced.order((priced.mug, 2, "8.00"))
    order = edit(order, quantity(order.lines.get(), 5))
    line = order.lines.get()
    assert (line.quantity, line.amount, line.tax, order.total) == (
        5,
        Decimal("40.00"),
        Decimal("6.39"),
        Decimal("40.00"),
    )
    assert (priced.level(priced.mug).allocated, order.units_allocated) == (5, 5)


def test_fewer_gives_back_the_stored_share_and_the_stock(priced):
    order = priced.order((priced.mug, 3, "10.00"), order_discount=Decimal("10.00"))
    order = edit(order, quantity(order.lines.get(), 2))
    assert (order.owed, order.credit_total) == (Decimal("13.33"), Decimal("6.67"))
    assert priced.level(priced.mug).allocated == 2
    order = edit(order, quantity(order.lines.get(), 1))
    order = edit(order, added(priced.lamp, 1), removal(order.lines.get()))
    assert order.owed == Decimal("25.00")


def test_what_is_added_takes_the_list_price_of_today(priced):
    order = priced.order((priced.mug, 1))
    order = edit(order, added(priced.lamp, 2))
    mug, lamp = order.lines.all()
    assert (lamp.position, lamp.unit_price, lamp.tax, lamp.total) == (
        2,
        Decimal("25.00"),
        Decimal("7.98"),
        Decimal("50.00"),
    )
    assert (mug.unit_price, order.total, order.units) == (Decimal("10.00"), Decimal("60.00"), 3)


def test_another_price_needs_a_reason_and_may_be_nothing(priced):
    order = priced.order((priced.mug, 2))
    line = order.lines.get()
    with pytest.raises(CannotEdit, match="say why its price changes"):
        edit(order, price(line, "0", reason=""))
    order = edit(order, price(line, "0"))
    line = order.lines.get()
    assert (line.unit_price, line.tax, order.total) == (0, 0, 0)


def test_a_price_changes_what_is_left_of_a_line_not_what_was_taken_back(priced):
    order = priced.order((priced.mug, 3))
    line = order.lines.get()
    order = edit(order, quantity(line, 2))
    order = edit(order, price(line, "12.00"))
    assert (order.owed, order.credit_total) == (Decimal("24.00"), Decimal("10.00"))


def test_a_discount_is_shared_to_the_cent(priced):
    order = priced.order((priced.mug, 1, "10.00"), (priced.lamp, 1, "20.00"))
    order = edit(order, discount("10.00"))
    assert [line.discount for line in order.lines.all()] == [Decimal("3.33"), Decimal("6.67")]
    assert (order.discount_total, order.total) == (Decimal("10.00"), Decimal("20.00"))
    with pytest.raises(CannotEdit, match=r"At most 20\.00 EUR"):
        edit(order, discount("20.01"))


def test_tax_on_top_adds_up_through_every_kind_of_change(priced):
    order = priced.order(
        (priced.mug, 3, "9.99"),
        prices_include_tax=False,
        shipping=Decimal("4.90"),
        shipping_tax_rate=Decimal("0.19"),
    )
    line = order.lines.get()
    order = edit(order, quantity(line, 2))
    order = edit(order, price(line, "7.77"), added(priced.lamp, 1), shipping("2.50"))
    order = edit(order, discount("15.54"), quantity(line, 4))
    order = edit(order, removal(line))
    assert order.total == (
        order.subtotal - order.discount_total + order.shipping_total + order.tax_on_top
    )
    assert order.owed == order.lines.get(sku="LAMP").total + Decimal("2.98")


def test_shipping_changes_with_its_tax(priced):
    order = priced.order(
        (priced.mug, 1), shipping=Decimal("4.90"), shipping_tax_rate=Decimal("0.19")
    )
    express = ShippingService.objects.create(name="Express", code="express", carrier="own")
    with pytest.raises(CannotEdit, match="Express has no rate"):
        edit(order, shipping(service=express))
    order = edit(order, shipping("9.90", express))
    assert (order.shipping_method, order.shipping_total, order.shipping_tax, order.total) == (
        "Express",
        Decimal("9.90"),
        Decimal("1.58"),
        Decimal("19.90"),
    )


def test_the_address_changes_with_the_rest(priced):
    order = priced.order((priced.mug, 1))
    order = edit(order, address(), quantity(order.lines.get(), 2))
    assert (order.ship_to.city, order.units) == ("Hamburg", 2)
    with pytest.raises(CannotEdit, match="at least a town"):
        edit(order, address(city=""))


def test_what_stock_does_not_cover_is_refused_or_waits(priced):
    order = priced.order((priced.mug, 8))
    line = order.lines.get()
    with pytest.raises(OutOfStock):
        edit(order, quantity(line, 12))
    order = edit(order, quantity(line, 12), when_short=WhenShort.BACKORDER)
    demand = Demand.objects.get(pk=line.demand_id)
    assert (demand.quantity, demand.allocated, demand.backordered) == (12, 10, 2)
    assert order.units_backordered == 2


def test_freed_units_go_to_who_waits(priced):
    first = priced.order((priced.mug, 10))
    second = priced.order((priced.mug, 3), when_short=WhenShort.BACKORDER)
    edit(first, quantity(first.lines.get(), 8))
    assert Demand.objects.get(pk=second.lines.get().demand_id).allocated == 2


def test_a_preview_says_all_and_changes_nothing(priced):
    order = priced.order((priced.mug, 2))
    line = order.lines.get()
    shown = preview(order, quantity(line, 4), added(priced.lamp, 1))
    mug, lamp = shown.lines
    assert (mug.set_aside, lamp.set_aside) == ([("Berlin", 2)], [("Berlin", 1)])
    assert (shown.change, shown.to_pay, shown.to_refund) == (Decimal("45.00"), Decimal("65.00"), 0)
    order.refresh_from_db()
    assert (order.total, order.version, order.lines.count()) == (Decimal("20.00"), 1, 1)
    assert priced.level(priced.mug).allocated == 2
    assert not StoredFact.objects.filter(name="orders.OrderEdited").exists()


def test_confirming_does_exactly_what_was_shown(priced):
    order = priced.order((priced.mug, 2))
    wanted = Wanted(asked=[quantity(order.lines.get(), 4)], reason="Customer called")
    shown = preview_changes(order_id=order.pk, wanted=wanted, now=LATER)
    change = edit_order(order_id=order.pk, wanted=wanted, seen=shown.figures, now=LATER)
    assert (change.number, change.state, change.outcome) == (1, "confirmed", shown.figures)


def test_confirming_says_what_changed_meanwhile(priced):
    order = priced.order((priced.mug, 2))
    wanted = Wanted(asked=[quantity(order.lines.get(), 4)], when_short=WhenShort.BACKORDER)
    shown = preview_changes(order_id=order.pk, wanted=wanted, now=LATER)
    priced.order((priced.mug, 7))
    with pytest.raises(StaleEdit) as refused:
        edit_order(order_id=order.pk, wanted=wanted, seen=shown.figures, now=LATER)
    assert refused.value.changes == (
        "MUG (4): 40.00 EUR; set aside: 4 in Berlin; waiting: 0"
        " → 40.00 EUR; set aside: 3 in Berlin; waiting: 1",
    )
    assert not ChangeSet.objects.exists()


def test_an_edit_of_an_older_version_is_refused_with_what_happened_since(priced):
    order = priced.order((priced.mug, 2))
    line = order.lines.get()
    edit(order, quantity(line, 3))
    with pytest.raises(StaleEdit) as refused:
        edit_order(
            order_id=order.pk, wanted=Wanted(asked=[quantity(line, 5)]), version=1, now=LATER
        )
    assert any("the order comes to 30.00 EUR" in words for words in refused.value.changes)


def test_the_timeline_says_before_and_after_of_every_action(priced):
    order = priced.order((priced.mug, 2))
    edit(order, quantity(order.lines.get(), 3), added(priced.lamp, 1))
    fact = StoredFact.objects.get(name="orders.OrderEdited")
    assert fact.changes == {"MUG: quantity": ["2", "3"], "LAMP: quantity": ["0", "1 at 25.00 EUR"]}
    assert (fact.reason, fact.payload["difference"]) == ("Customer called", "35.00")
    assert list(ChangeAction.objects.values_list("what", "before", "after")) == [
        ("MUG: quantity", "2", "3"),
        ("LAMP: quantity", "0", "1 at 25.00 EUR"),
    ]


def test_more_to_pay_after_payment_makes_the_order_wait(priced):
    order = pay(priced.order((priced.mug, 2)))
    assert order.fulfilments.get().state == FulfilmentState.READY
    order = edit(order, quantity(order.lines.get(), 3))
    assert (order.payment_status, order.balance) == (
        PaymentStatus.PARTIALLY_PAID,
        Decimal("10.00"),
    )
    assert not order.fulfilments.open().exists()
    order = pay(order)
    assert order.fulfilments.open().get().lines.get().quantity == 3


def test_a_little_more_may_stay_missing(priced):
    EditRule.objects.create(channel=priced.web, tolerance=Decimal("1.00"))
    order = pay(priced.order((priced.mug, 2)))
    order = edit(order, price(order.lines.get(), "10.40"))
    assert (order.balance, order.fulfilments.open().count()) == (Decimal("0.80"), 1)
    order = edit(order, price(order.lines.get(), "10.90"))
    assert order.fulfilments.open().count() == 0


def test_somebody_may_let_it_go_unpaid(priced):
    order = pay(priced.order((priced.mug, 2)))
    order = edit(order, quantity(order.lines.get(), 3), ships_anyway=True)
    assert (order.may_owe, order.fulfilments.open().count()) == (Decimal("10.00"), 1)


def test_less_to_pay_after_payment_is_owed_back_and_never_given_by_itself(priced):
    order = pay(priced.order((priced.mug, 3)))
    shown = preview(order, quantity(order.lines.get(), 2))
    assert (shown.to_refund, shown.effects) == (
        Decimal("10.00"),
        ("10.00 EUR can be given back by bank transfer afterwards, on the refund page.",),
    )
    order = edit(order, quantity(order.lines.get(), 2))
    drain()
    order.refresh_from_db()
    assert (order.payment_status, order.balance, order.refunded) == (
        PaymentStatus.OVERPAID,
        Decimal("-10.00"),
        0,
    )


def test_credit_moves_with_the_total(priced):
    buyer = make_company_buyer(limit="50")
    order = priced.order((priced.mug, 3), payment_terms=PaymentTerms.NET, customer_id=buyer.pk)
    line = order.lines.get()

    def exposure():
        return CreditAccount.objects.get().exposure

    edit(order, quantity(line, 5))
    assert exposure() == Decimal("50.00")
    with pytest.raises(CreditExceeded):
        edit(order, quantity(line, 6))
    edit(order, quantity(line, 1))
    assert exposure() == Decimal("10.00")
    drain()
    assert order.payments.get().expected == Decimal("10.00")


def test_an_invoice_is_credited_or_replaced(priced):
    order = priced.order((priced.mug, 3))
    issue_invoice(order_id=order.pk, now=NOON)
    line = order.lines.get()
    assert preview(order, quantity(line, 2)).effects[-1] == (
        "Invoice INV-00001 is corrected by a credit note."
    )
    edit(order, quantity(line, 2))
    drain()
    assert preview(order, quantity(line, 4)).effects[-1] == (
        "Invoice INV-00001 is taken back by a credit note, and a new one is issued."
    )
    edit(order, quantity(line, 4))
    drain()
    papers = Invoice.objects.order_by("pk").values_list("number", "total", "replaces__number")
    assert list(papers) == [
        ("INV-00001", Decimal("30.00"), None),
        ("CN-00001", Decimal("10.00"), None),
        ("CN-00002", Decimal("20.00"), None),
        ("INV-00002", Decimal("40.00"), "INV-00001"),
    ]


def test_pickers_see_fewer_and_more_goes_with_a_list_of_its_own(priced):
    order = pay(priced.order((priced.mug, 4)))
    picking = order.fulfilments.get()
    start_work(fulfilment_id=picking.pk, now=LATER)
    order = edit(order, quantity(order.lines.get(), 3))
    assert picking.lines.get().open == 3
    order = edit(order, quantity(order.lines.get(), 4))
    assert [(row.state, row.lines.get().open) for row in order.fulfilments.order_by("pk")] == [
        ("picking", 3),
        ("ready", 1),
    ]


def test_packed_units_are_refused_with_what_to_do(priced):
    order = pay(priced.order((priced.mug, 2)))
    fulfilment = order.fulfilments.get()
    start_work(fulfilment_id=fulfilment.pk, now=LATER)
    record_packed(fulfilment_id=fulfilment.pk, now=LATER)
    with pytest.raises(CannotEdit, match="MUG is packed already; unpack it first"):
        edit(order, quantity(order.lines.get(), 1))
    with pytest.raises(CannotEdit, match="unpack it before changing how it is sent"):
        edit(order, shipping("1.00"))


def test_only_what_has_not_left_is_reduced(priced):
    order = pay(priced.order((priced.mug, 3)))
    fulfilment = order.fulfilments.get()
    record_shipped(fulfilment_id=fulfilment.pk, units={fulfilment.lines.get().pk: 2}, now=LATER)
    line = order.lines.get()
    with pytest.raises(CannotEdit, match="2 of 3 have left already"):
        edit(order, quantity(line, 1))
    with pytest.raises(CannotEdit, match="2 of 3 have left already"):
        edit(order, removal(line))
    with pytest.raises(CannotEdit, match="its price is fixed"):
        edit(order, price(line, "1.00"))
    order = edit(order, quantity(line, 2))
    assert (order.state, order.units_open, order.balance) == ("open", 0, Decimal("-10.00"))


def test_kits_are_changed_as_wholes(priced):
    kit = make_kit("SET", (priced.mug, 2), (priced.lamp, 1))
    order = priced.order((kit, 2, "30.00"))
    one = order.kits.get()
    with pytest.raises(CannotEdit, match="part of the kit SET"):
        edit(order, quantity(order.lines.first(), 1))

    def to(units):
        return ChangeAsked(kind=ChangeKind.CHANGE_QUANTITY, kit_id=one.pk, quantity=units)

    order = edit(order, to(3))
    assert ([line.quantity for line in order.lines.all()], order.total) == ([6, 3], Decimal("90"))
    order = edit(order, to(1))
    assert ([line.open for line in order.lines.all()], order.owed) == ([2, 1], Decimal("30.00"))
    new_price = ChangeAsked(
        kind=ChangeKind.CHANGE_PRICE, kit_id=one.pk, amount=Decimal("21.00"), reason="Agreed"
    )
    assert edit(order, new_price).owed == Decimal("21.00")


def test_a_kit_is_added_as_its_components(priced):
    kit = make_kit("SET", (priced.mug, 2), (priced.lamp, 1))
    order = priced.order((priced.mug, 1))
    order = edit(order, added(kit, 2, "30.00", reason="Offer"), discount("7.00"))
    assert [(line.sku, line.quantity) for line in order.lines.all()] == [
        ("MUG", 1),
        ("MUG", 4),
        ("LAMP", 2),
    ]
    assert order.total == Decimal("63.00")


def test_nothing_left_is_a_cancellation(priced):
    order = priced.order((priced.mug, 1))
    with pytest.raises(CannotEdit, match="cancel it instead"):
        edit(order, removal(order.lines.get()))
    with pytest.raises(CannotEdit, match="Nothing is changed yet"):
        edit(order, quantity(order.lines.get(), 1))
    with pytest.raises(CannotEdit, match="changed twice"):
        edit(order, quantity(order.lines.get(), 3), removal(order.lines.get()))


LIMITED = [
    ({"amount_limit": Decimal("15")}, "It changes the order’s worth by 20.00 EUR"),
    ({"percent_limit": 50}, "It changes the order’s worth by more than 50 %."),
]


@pytest.mark.parametrize(("limit", "why"), LIMITED)
def test_above_a_limit_a_second_person_decides(priced, limit, why):
    EditRule.objects.create(channel=priced.web, **limit)
    order = priced.order((priced.mug, 3))
    asked = Wanted(asked=[price(order.lines.get(), "3.3333")], reason="Scratched")
    with acting(ANNA):
        change = edit_order(order_id=order.pk, wanted=asked, now=LATER)
        assert change.state == ChangeState.AWAITING
        assert change.why_approval.startswith(why)
        with pytest.raises(CannotDecide, match="somebody else has to approve"):
            approve_changes(change_set_id=change.pk, now=LATER)
        with pytest.raises(CannotDecide, match="waits for approval already"):
            edit_order(order_id=order.pk, wanted=asked, now=LATER)
    order.refresh_from_db()
    assert order.total == Decimal("30.00")
    assert (
        AttentionItem.objects.filter(kind="change_awaits_approval", resolved_at=None).count() == 1
    )
    with acting(BERT):
        change = approve_changes(change_set_id=change.pk, now=LATER)
    order.refresh_from_db()
    assert (change.state, change.approved_by, order.total) == (
        "confirmed",
        "Bert",
        Decimal("10.00"),
    )
    assert not AttentionItem.objects.filter(resolved_at=None).exists()


def test_a_price_far_from_the_usual_one_is_decided_by_a_second_person(priced):
    ChannelPolicy.objects.update(override_limit=40)
    order = priced.order((priced.mug, 3))

    def ask(amount):
        asked = Wanted(asked=[price(order.lines.get(), amount)], reason="Scratched")
        return preview_changes(order_id=order.pk, wanted=asked, now=LATER).why_approval

    assert (ask("6.00"), ask("5.99")) == (
        "",
        "It gives a price more than 40 % from the usual one.",
    )


def test_an_approval_does_what_was_asked_for_or_says_what_changed(priced):
    EditRule.objects.create(channel=priced.web, amount_limit=Decimal("5"))
    order = priced.order((priced.mug, 3))
    with acting(ANNA):
        change = edit_order(
            order_id=order.pk, wanted=Wanted(asked=[quantity(order.lines.get(), 2)]), now=LATER
        )
    add_note(order_id=order.pk, text="Called again", now=LATER)
    cancel_order(order_id=order.pk, reason="x", units={order.lines.get().pk: 1}, now=LATER)
    with acting(BERT), pytest.raises(CannotEdit, match="Nothing is changed"):
        approve_changes(change_set_id=change.pk, now=LATER)
    with acting(BERT):
        change = decline_changes(change_set_id=change.pk, reason="Done already", now=LATER)
    assert (change.state, change.declined_by, change.declined_reason) == (
        "declined",
        "Bert",
        "Done already",
    )
    with pytest.raises(CannotDecide, match="is declined already"):
        approve_changes(change_set_id=change.pk, now=LATER)


def test_an_open_set_is_confirmed_later_or_discarded(priced):
    order = priced.order((priced.mug, 3))
    wanted = Wanted(asked=[quantity(order.lines.get(), 2)], reason="x")
    first = open_changes(order_id=order.pk, wanted=wanted, now=LATER)
    second = open_changes(order_id=order.pk, wanted=wanted, now=LATER)
    assert (first.number, second.number, first.state) == (1, 2, "open")
    assert confirm_changes(change_set_id=first.pk, now=LATER).state == "confirmed"
    assert discard_changes(change_set_id=second.pk, now=LATER).state == "discarded"
    with pytest.raises(CannotDecide, match="is discarded already"):
        confirm_changes(change_set_id=second.pk, now=LATER)


def _as_placed(_order):
    """Nothing more."""


def _picking(order):
    start_work(fulfilment_id=pay(order).fulfilments.get().pk, now=LATER)


def _packed(order):
    _picking(order)
    record_packed(fulfilment_id=order.fulfilments.get().pk, now=LATER)


def _shipped(order):
    fulfilment = pay(order).fulfilments.get()
    units = {row.pk: row.open for row in fulfilment.lines.all()}
    record_shipped(fulfilment_id=fulfilment.pk, units=units, now=LATER)


def _cancelled(order):
    cancel_order(order_id=order.pk, reason="x", now=LATER)


ACTIONS = {
    "more": lambda order: quantity(order.lines.first(), 3),
    "fewer": lambda order: quantity(order.lines.first(), 1),
    "remove": lambda order: removal(order.lines.first()),
    "add": lambda order: added(order.lines.last().variant, 1),
    "price": lambda order: price(order.lines.first(), "9.00"),
    "discount": lambda _order: discount("1.00"),
    "shipping": lambda _order: shipping("1.00"),
    "address": lambda _order: address(),
}
EVERYTHING = set(ACTIONS)
POSSIBLE = {
    _as_placed: EVERYTHING,
    _picking: EVERYTHING,
    _packed: {"more", "add", "price", "discount"},
    _shipped: set(),  # an order that is over is completed, not open
    _cancelled: set(),
}


@pytest.mark.parametrize("name", sorted(ACTIONS))
@pytest.mark.parametrize("bring", POSSIBLE, ids=lambda one: one.__name__.strip("_"))
def test_which_change_is_possible_where(priced, bring, name):
    order = priced.order((priced.mug, 2), (priced.lamp, 1))
    bring(order)
    asked = ACTIONS[name](order)
    if name in POSSIBLE[bring]:
        edit(order, asked)
        return
    with pytest.raises(DomainError) as refused:
        edit(order, asked)
    assert refused.value.message.endswith(".")
