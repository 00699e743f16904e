"""Each action does what it says, and leads to no fact that it does not own up to."""

from datetime import timedelta

import pytest

from core import outbox
from core.facts import all_facts
from core.models import Message, RuleRun, RunOutcome, StoredFact
from core.rights import Role
from core.rules.registry import actions_of
from core.webhooks import endpoints
from inventory.models import Location, PurchaseOrder, Supplier, SupplierItem, Transfer
from orders.models import Hold, Order, ShippingService
from orders.services import add_note, hold_order
from orders.states import HoldKind
from tests.cast import NOON, Shop, make_user, pay
from tests.rules.writing import says, step, write

pytestmark = pytest.mark.django_db


def setting(shop: Shop) -> dict[str, dict[str, str]]:
    """Values for every action, and what they need to be possible."""
    user = make_user(Role.SALES)
    depot = Location.objects.create(code="dep", name="Depot", country="DE")
    shop.stock(shop.lamp, 3, depot)
    supplier = Supplier.objects.create(code="lux", name="Lux", currency="EUR")
    SupplierItem.objects.create(supplier=supplier, variant=shop.lamp, price=7, pack_size=6)
    service = ShippingService.objects.create(code="fast", name="Overnight")
    endpoint = endpoints.add_endpoint(
        name="Partner", url="https://example.com/x", event_kinds=["core.UserChanged"], now=NOON
    )
    return {
        "orders.hold": {"kind": "fraud", "reason": "Looks odd", "days": "2"},
        "orders.release": {"kind": "any"},
        "orders.tag": {"tags": "Large, vip"},
        "orders.untag": {"tags": "old"},
        "orders.assign": {"user": str(user.pk)},
        "orders.note": {"kind": "packing", "text": f"Wrap it, @{user.email.split('@')[0]}"},
        "orders.allocate": {},
        "orders.service": {"service": str(service.pk)},
        "orders.split": {"what": "waiting", "sku": ""},
        "orders.mail": {"to": "customer", "subject": "About {order}", "text": "Dear {customer}"},
        "orders.purchase": {"location": str(shop.warehouse.pk)},
        "orders.send_from": {"location": str(shop.store.pk)},
        "orders.source_again": {},
        "orders.transfer": {"source": str(depot.pk), "target": str(shop.warehouse.pk)},
        "core.tell_people": {"words": "look at it"},
        "core.call_webhook": {"endpoint": str(endpoint.pk), "code": "x"},
    }


SAID = {
    "orders.hold": "Put on hold: Fraud check",
    "orders.release": "Released: Address",
    "orders.tag": "Tagged large, vip",
    "orders.untag": "No longer tagged old",
    "orders.assign": "Assigned to Sales",
    "orders.note": "Noted (packing instruction)",
    "orders.allocate": "Nothing is free for it yet",
    "orders.service": "To be sent with Overnight",
    "orders.mail": "Mail to the customer: About {order}",
    "orders.split": "2 units split off into SO-",
    "orders.purchase": "Purchase drafted: PO-",
    "orders.send_from": "Stays where it is: MUG: 0 units could be sent from there",
    "orders.source_again": "Stays where it is: nothing is better",
    "orders.transfer": "Transfer drafted: TR-",
    "core.tell_people": "Put into Needs attention: look at it",
    "core.call_webhook": "Partner is told by webhook",
}


def test_there_is_a_trial_of_every_action():
    assert sorted(SAID) == sorted(actions_of("order"))


def test_every_fact_that_an_action_declares_is_stated_by_an_app():
    declared = {name for action in actions_of("order").values() for name in action.cause_names}
    assert declared - set(all_facts()) == set()


def waiting_order(shop: Shop) -> Order:
    """Paid, held for its address, tagged, with one mug set aside and two lamps that wait."""
    shop.stock(shop.mug, 5)
    shop.lamp.can_backorder = True
    shop.lamp.save()
    order = shop.order((shop.mug, 1), (shop.lamp, 2), tags=("old",))
    pay(order)
    hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="Odd", now=NOON)
    outbox.drain()
    return order


@pytest.mark.parametrize("code", sorted(SAID))
def test_an_action_does_what_it_says_and_leads_to_no_fact_beyond_those_it_declares(shop, code):
    values = setting(shop)
    rule = write("Try it", when="orders.OrderNoted", then=[step("core.tell_people", words="x")])
    order = waiting_order(shop)
    definition = _only(code, values[code])
    rule.number = 2
    rule.save()
    rule.versions.create(number=2, definition=definition, made_by="test", made_at=NOON)
    before = StoredFact.objects.latest("pk").pk
    add_note(order_id=order.pk, text="begin", now=NOON)
    outbox.drain()
    run = RuleRun.objects.filter(rule=rule).earliest("pk")
    assert (run.outcome, run.why) == (RunOutcome.DONE, "")
    assert run.effects[0].startswith(SAID[code])
    led_to = set(
        StoredFact.objects.filter(pk__gt=before, chain__contains=[rule.pk]).values_list(
            "name", flat=True
        )
    )
    assert led_to <= set(actions_of("order")[code].cause_names)


def _only(code: str, values: dict[str, str]) -> dict:
    return says(when="orders.OrderNoted", then=[step(code, **values)]).as_json()


def test_what_was_done_stands_where_it_belongs(shop):
    values = setting(shop)
    steps = [
        step(code, **values[code])
        for code in ("orders.hold", "orders.purchase", "orders.transfer", "orders.mail")
    ]
    shop.lamp.can_backorder = True
    shop.lamp.save()
    write("All of it", then=steps)
    order = shop.order((shop.lamp, 2))
    outbox.drain()
    assert Hold.objects.get().until == Hold.objects.get().placed_at + timedelta(days=2)
    assert [(line.sku, line.quantity) for line in PurchaseOrder.objects.get().lines.all()] == [
        ("LAMP", 6)
    ]
    assert [(line.variant.sku, line.quantity) for line in Transfer.objects.get().lines.all()] == [
        ("LAMP", 2)
    ]
    mail = Message.objects.get(kind="rule_mail")
    assert (mail.to, mail.variables["text"]) == ("ada@example.com", "Dear Ada Lindqvist")
    assert mail.variables["subject"] == f"About {order.number}"
    assert RuleRun.objects.get().effects[0] == "Put on hold: Fraud check"


def test_an_order_is_sent_from_the_location_that_a_rule_names_and_once_it_is_so_it_stays(shop):
    shop.stock(shop.mug, 5)
    shop.stock(shop.mug, 5, shop.store)
    order = shop.order((shop.mug, 2))
    assert (shop.level(shop.mug).allocated, shop.level(shop.mug, shop.store).allocated) == (2, 0)
    values = {"location": str(shop.store.pk)}
    write(
        "From Munich",
        when="orders.OrderNoted",
        then=[step("orders.send_from", **values)],
        is_once=False,
    )
    said = []
    for text in ("one", "two"):
        add_note(order_id=order.pk, text=text, now=NOON)
        outbox.drain()
        said += RuleRun.objects.latest("pk").effects
    assert said == ["To be sent from Munich store", "Is sent from Munich store already"]
    assert (shop.level(shop.mug).allocated, shop.level(shop.mug, shop.store).allocated) == (0, 2)
