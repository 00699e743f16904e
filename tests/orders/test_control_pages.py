"""The pages on an order in hand, and what is done to many orders of the list at once."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import CustomField, Message
from core.rights import Role
from orders.drafts import WhenShort
from orders.models import Order
from orders.services import hold_order, set_tags, start_work, watch_order
from orders.states import HoldKind, OrderState
from tests.cast import make_user, pay
from tests.orders.test_lifecycle import send

pytestmark = pytest.mark.django_db
BULK = "/lists/orders.orders/bulk"


def page(name: str, order: Order, /, *more: int) -> str:
    return reverse(f"orders:{name}", args=[order.pk, *more])


def post(client, name: str, order: Order, /, *more: int, **data):
    return client.post(page(name, order, *more), {"_once": str(uuid.uuid4()), **data})


def waiting(shop, **more) -> Order:
    return shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER, **more)


def at_once(client, action: str, orders: list[Order], **values):
    """Choose orders of the list, look at the preview, confirm, and let the job run."""
    ids = [order.pk for order in orders]
    preview = client.post(BULK, {"action": action, "selected": ids})
    data = {"ids": preview.context["ids"], "expected": len(ids), "_once": str(uuid.uuid4())}
    answer = client.post(f"{BULK}/{action}", {**data, **values})
    assert answer.status_code == 302, answer.content.decode()
    jobs.run_due()
    job = jobs.Job.objects.order_by("pk").last()
    refused = dict(preview.context["refused"])
    return job, refused, [(row.label, row.is_ok, row.message) for row in job.results.order_by("pk")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("order_hold", {"kind": "fraud", "reason": "Odd card"}),
        ("order_assign", {}),
        ("order_tags", {"add": "vip"}),
        ("order_allocate", {}),
        ("order_address", {"name": "A", "line1": "B 1", "city": "Ulm", "country": "DE"}),
        ("order_details", {}),
        ("order_cancel", {"why": "customer"}),
        ("order_split", {}),
        ("order_merge", {}),
    ],
)
def test_every_form_of_an_older_order_is_refused_with_what_happened(shop, as_manager, name, data):
    order, other = waiting(shop), waiting(shop)
    if name == "order_merge":
        data = {"orders": [other.pk]}
    if name in {"order_split", "order_cancel"}:
        data = {**data, f"line-{order.lines.get().pk}": "1"}
    if name == "order_assign":
        data = {"user": make_user(Role.SALES).pk}
    if name == "order_details":
        CustomField.objects.create(subject="orders.order", code="po", label="PO", kind="text")
        data = {"custom_po": "1"}
    set_tags(order_id=order.pk, add=["gift"], now=timezone.now())
    answer = post(as_manager, name, order, version=order.version, **data)
    assert answer.status_code == 409
    assert "Tags: gift" in answer.content.decode()
    assert Order.objects.get(pk=order.pk).tags == ["gift"]


def test_a_hold_says_before_that_work_has_begun_and_stands_in_the_history(shop, as_manager):
    shop.stock(shop.mug, 5)
    order = pay(shop.order((shop.mug, 2)))
    start_work(fulfilment_id=order.fulfilments.get().pk, now=timezone.now())
    assert (
        "Work has begun (picking at Berlin)"
        in as_manager.get(page("order_hold", order)).content.decode()
    )
    sales = make_user(Role.SALES)
    data = {"kind": "fraud", "reason": "Odd card", "owner": sales.pk, "lasts": "24"}
    assert post(as_manager, "order_hold", order, **data).status_code == 302
    hold = order.holds.get()
    assert (hold.owner, hold.until > timezone.now() + timedelta(hours=23)) == (sales, True)
    assert "Take over" in as_manager.get(page("order_detail", order)).content.decode()
    post(as_manager, "hold_claim", order, hold.pk)
    hold.refresh_from_db()
    assert str(hold.owner) == "Manager"
    post(as_manager, "holds_release", order)
    assert "released by Manager" in as_manager.get(page("order_detail", order)).content.decode()


def test_a_span_and_a_moment_together_are_refused(shop, as_manager):
    data = {"kind": "fraud", "reason": "x", "lasts": "24", "until": "2099-01-01T10:00"}
    assert post(as_manager, "order_hold", waiting(shop), **data).status_code == 422


def test_news_of_watched_orders_stand_in_the_list_until_they_were_looked_at(shop, client):
    user = make_user(Role.SALES)
    client.force_login(user)
    order = waiting(shop)
    post(client, "order_watch", order)
    url = reverse("orders:order_list")

    def news() -> list[int]:
        return [row.pk for row in client.get(url, {"watched": "news"}).context["list"].rows]

    assert news() == []
    set_tags(order_id=order.pk, add=["gift"], now=timezone.now())
    assert news() == [order.pk]
    client.get(page("order_detail", order))
    assert news() == []
    post(client, "order_assign", order, user=user.pk)
    mine = client.get(url, {"assignee": "me"}).context["list"].rows
    assert [row.pk for row in mine] == [order.pk]
    post(client, "order_watch", order, stop="yes")
    assert not order.watchers.exists()


def test_a_split_is_looked_at_and_then_done(shop, as_manager):
    order = waiting(shop)
    units = {f"line-{order.lines.get().pk}": "1"}
    look = post(as_manager, "order_split", order, do="look", **units)
    assert (look.status_code, Order.objects.count()) == (200, 1)
    assert look.context["split"] == {"units": 1, "worth": Decimal("10.00")}
    answer = post(as_manager, "order_split", order, **units)
    part = Order.objects.latest("pk")
    assert answer["Location"] == page("order_detail", part)
    shown = as_manager.get(page("order_detail", order)).content.decode()
    assert f"{part.number}" in shown
    assert "went to another order" in shown


def test_the_chip_leads_to_the_merge_of_orders_to_one_address(shop, as_manager):
    first, second = waiting(shop), waiting(shop)
    shown = as_manager.get(page("order_detail", first)).content.decode()
    assert "1 other open order to this address" in shown
    hold_order(order_id=second.pk, kind=HoldKind.FRAUD, reason="Odd", now=timezone.now())
    assert (
        "is on hold; release it first"
        in as_manager.get(page("order_merge", first)).content.decode()
    )
    answer = post(as_manager, "order_merge", second, orders=[first.pk])
    assert answer["Location"] == page("order_detail", second)
    assert Order.objects.get(pk=first.pk).state == OrderState.CANCELLED


def test_lost_units_are_sent_again_from_the_order_page(shop, as_manager):
    shop.stock(shop.mug, 5)
    order = send(pay(shop.order((shop.mug, 2))))
    data = {f"line-{order.lines.get().pk}": "1", "reason": "lost", "note": "Never came"}
    answer = post(as_manager, "order_reship", order, **data)
    copy = Order.objects.latest("pk")
    assert answer["Location"] == page("order_detail", copy)
    assert (copy.total, copy.units) == (0, 1)


def test_a_duplicate_begins_with_what_was_ordered(shop, as_manager):
    order = waiting(shop, phone="030 1")
    answer = as_manager.get(reverse("orders:order_create"), {"like": order.pk})
    entry, lines = answer.context["entry"], answer.context["lines"]
    assert entry.initial["email"] == "ada@example.com"
    assert [form.initial["sku"] for form in lines.forms] == ["MUG"]
    assert as_manager.get(reverse("orders:order_create"), {"like": "x"}).status_code == 200


def test_many_are_held_and_released_and_each_says_what_became_of_it(shop, as_manager):
    good, held, gone = waiting(shop), waiting(shop), waiting(shop)
    hold_order(order_id=held.pk, kind=HoldKind.FRAUD, reason="Odd", now=timezone.now())
    post(
        as_manager,
        "order_cancel",
        gone,
        why="customer",
        version=gone.version,
        **{f"line-{gone.lines.get().pk}": "2"},
    )
    _, refused, rows = at_once(as_manager, "hold", [good, held, gone], kind="fraud", reason="Odd")
    assert refused == {gone.number: "Only open orders can be held."}
    assert {label: ok for label, ok, _ in rows} == {
        good.number: True,
        held.number: False,
        gone.number: False,
    }
    _, refused, rows = at_once(as_manager, "release", [good, held, gone])
    assert refused == {gone.number: "It is not on hold."}
    assert Order.objects.filter(open_holds__gt=0).count() == 0


def test_many_are_assigned_tagged_and_asked_stock_for(shop, as_manager, sales):
    first, second = waiting(shop), waiting(shop)
    at_once(as_manager, "assign", [first, second], user=sales.pk)
    assert Order.objects.filter(assignee=sales).count() == 2
    at_once(as_manager, "tag", [first, second], add="vip, rush")
    assert Order.objects.get(pk=second.pk).tags == ["rush", "vip"]
    _, _, rows = at_once(as_manager, "allocate", [first])
    assert rows == [(first.number, False, "No stock is free.")]


def test_many_are_cancelled_with_a_reason_and_their_money_kept_for_now(shop, as_manager):
    orders = [pay(waiting(shop)), waiting(shop)]
    at_once(as_manager, "cancel", orders, why="stock", keeps_money="on")
    assert set(Order.objects.values_list("state", "cancel_reason")) == {
        ("cancelled", "Out of stock")
    }
    assert Order.objects.get(pk=orders[0].pk).balance == Decimal("-20.00")


def test_confirmations_are_sent_again_once_for_each_asking(shop, as_manager):
    first, second = waiting(shop), waiting(shop, email="")
    _, refused, _ = at_once(as_manager, "confirm", [first, second])
    assert refused == {second.number: "It has no e-mail address."}
    at_once(as_manager, "confirm", [first])
    assert Message.objects.filter(kind="order_placed").count() == 1


def test_orders_to_one_address_are_merged_and_the_others_left_alone(shop, as_manager):
    first, second = waiting(shop), waiting(shop)
    alone = waiting(shop, email="nils@example.com")
    _, refused, rows = at_once(as_manager, "merge", [first, second, alone])
    why = "No other order here can go together with it."
    assert refused == {alone.number: why}
    assert sorted(rows) == sorted(
        [
            (first.number, True, f"Took over {second.number}."),
            (second.number, True, f"Merged into {first.number}."),
            (alone.number, False, why),
        ]
    )
    assert Order.objects.get(pk=first.pk).units_open == 4


def test_papers_of_many_orders_are_one_pdf_and_orders_without_are_named(shop, as_manager):
    shop.stock(shop.mug, 2)
    ready, bare = pay(shop.order((shop.mug, 2))), waiting(shop)
    job, _, rows = at_once(as_manager, "print", [ready, bare], papers=["pick_list"])
    assert rows == [
        (ready.number, True, "1 papers."),
        (bare.number, False, "It has none of these papers yet."),
    ]
    assert (job.summary, job.file.name) == ("1 documents on 1 pages.", "orders.pdf")


def test_whoever_lost_the_right_meanwhile_changes_nothing(shop, client):
    user = make_user(Role.SALES)
    client.force_login(user)
    order = waiting(shop)
    preview = client.post(BULK, {"action": "hold", "selected": [order.pk]})
    data = {"ids": preview.context["ids"], "expected": 1, "_once": str(uuid.uuid4())}
    client.post(f"{BULK}/hold", {**data, "kind": "fraud"})
    user.roles = [Role.WAREHOUSE]
    user.save()
    jobs.run_due()
    assert Order.objects.get(pk=order.pk).open_holds == 0


def test_only_those_who_may_change_orders_see_how(shop, client):
    client.force_login(make_user(Role.FINANCE))
    order = waiting(shop)
    for name in ("order_split", "order_merge", "order_assign", "order_allocate", "order_reship"):
        assert client.get(page(name, order)).status_code == 403
    watch_order(order_id=order.pk, user=make_user(Role.SALES), now=timezone.now())
