"""A small but rich store made by verbs, and an example of every page of it.

A page that is new has no example here: tests/browser/test_accessibility.py fails until it has one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import attention, documents, imports, jobs, people, second_factor
from core.actors import acting
from core.api.keys import create_api_key
from core.models import Channel, Document, ImportRun, Job, Message, User
from core.rights import Role
from core.tasks import drain_all
from customers.models import Customer, CustomerGroup
from inventory.models import BuyingLimit, Product, ReorderRule, StockLevel
from orders.drafts import DraftLine, WhenShort
from orders.models import (
    Coupon,
    NoteKind,
    Order,
    PriceList,
    Promotion,
    SendingTerms,
    ShippingRate,
    ShippingService,
    ShippingZone,
    SourcingRule,
    TaxRate,
)
from orders.services import add_note, hold_order, issue_tracking_link, place_order, set_tags
from orders.states import HoldKind
from payments.models import GoodwillLimit, Invoice
from payments.services import authorise_payment, expect_payment, refund_order
from payments.states import Method
from returns.models import ReturnRequest
from returns.services import (
    Inspected,
    Wanted,
    approve_return,
    inspect_return,
    receive_return,
    refund_return,
    request_return,
)
from returns.states import ReturnReason
from shipping.models import Parcel, Shipment
from shipping.services import Report, record_tracking
from shipping.states import EventSource, TrackingStatus
from tests.browser import (
    business,
    buying,
    catalogued,
    changed,
    hooked,
    moved,
    priced,
    promised,
    recommended,
    risked,
    ruled,
    sourced,
    traced,
)
from tests.cast import Shop, make_user, pay
from tests.intake.test_importing import orders as shop_export
from tests.inventory.planning import restock
from tests.shipping.factories import dispatched, fill, labelled, packed, picked, work_of

STATES = ("requested", "approved", "received", "inspected", "closed")


@dataclass
class Store:
    """The store, and what of it the pages show."""

    shop: Shop
    admin: User
    guarded: User  # has a second factor
    recovery_codes: list[str]  # of theirs
    unpaid: Order  # on hold, tagged, with notes and a line nobody knows
    waiting: Order  # short of stock
    ready: Order
    being_picked: Order
    being_packed: Order
    labelled: Shipment
    sent: Shipment
    delivered: Order
    returns: dict[str, ReturnRequest]
    awaited_id: int
    authorised_id: int
    job: Job
    run: ImportRun
    link: str
    password_link: str
    api_key_id: int


def furnish(shop: Shop) -> Store:
    """Everything that has a page, in every state that looks different."""
    now = timezone.now()
    admin = make_user(Role.ADMIN, name="Ida Admin", email="ida@example.com")
    # papers take seconds each; the job at the end prints two of them
    with acting(admin.actor), documents.made_when_opened():
        for variant in (shop.mug, shop.shirt, shop.lamp):
            shop.stock(variant, 60)
        buying.buy(shop)
        catalogued.catalogue(shop)
        unpaid = _unpaid(shop, admin)
        ready, being_picked, being_packed = (_paid(shop) for _ in range(3))
        picked(being_picked, admin)
        fill(picked(being_packed, admin), {"MUG": 1})
        add_note(
            order_id=being_packed.pk,
            text="Wrap the mugs.",
            kind=NoteKind.PACKING,
            author=admin,
            now=now,
        )
        late = labelled(_paid(shop))
        packed(_paid(shop))
        sent = dispatched(_paid(shop))
        delivered = _delivered(shop)
        refund_order(
            order_id=delivered.pk,
            amount=Decimal("2.00"),
            reason="A chip in the glaze",
            grants_credit=True,
            now=now,
        )
        returns = {state: _return(shop, state) for state in STATES}
        awaited = expect_payment(
            order_id=unpaid.pk,
            method=Method.CHEQUE,
            amount=Decimal("5.00"),
            currency="EUR",
            now=now,
        )
        authorised = authorise_payment(
            order_id=unpaid.pk,
            provider="fake",
            method=Method.CARD,
            amount=Decimal("5.00"),
            currency="EUR",
            now=now,
        )
        GoodwillLimit.objects.create(role=Role.SALES, currency="EUR", amount=Decimal("20"))
        TaxRate.objects.create(country="DE", rate=Decimal("0.19"))
        priced.price(shop)
        rule = SourcingRule.objects.create(
            name="Gifts in one parcel", position=1, tags=["gift"], most_parcels=1, places="not"
        )
        rule.locations.add(shop.store)
        SendingTerms.objects.create(location=shop.store, per_parcel=Decimal("1.50"))
        restock(shop)
        moved.move(shop)
        hooked.hook(shop)
        business.trade(shop)
        changed.change(shop)
        promised.promise(shop)
        promised.come_due(delivered)
        traced.trace(shop)
        traced.recall(shop)
        ruled.rule(shop)
        risked.risk(shop)
        recommended.recommend(shop)
        sourced.ask(shop)
        _raise_attention(unpaid)
        run = _import()
        drain_all()
        job = _export(admin)
        drain_all()
        guarded = make_user(Role.SALES, name="Greta Guarded", email="greta@example.com")
        codes = _guard(guarded)
    return Store(
        shop=shop,
        admin=admin,
        guarded=guarded,
        recovery_codes=codes,
        unpaid=unpaid,
        waiting=_waiting(shop),
        ready=ready,
        being_picked=being_picked,
        being_packed=being_packed,
        labelled=late,
        sent=sent,
        delivered=delivered,
        returns=returns,
        awaited_id=awaited.pk,
        authorised_id=authorised.pk,
        job=job,
        run=run,
        link=issue_tracking_link(order=delivered, now=now),
        password_link=people.password_link(guarded),
        api_key_id=create_api_key(name="Till", scopes=["orders.*"], now=now)[0].pk,
    )


def _guard(user: User) -> list[str]:
    """Give somebody a second factor; returns their recovery codes."""
    device = second_factor.begin(user)
    device.confirmed = True
    device.save()
    return second_factor.renew_recovery_codes(user)


def _paid(shop: Shop) -> Order:
    return pay(shop.order((shop.mug, 2, "9.95"), (shop.shirt, 1, "24.90")))


def _unpaid(shop: Shop, author: User) -> Order:
    now = timezone.now()
    order = shop.order(
        (shop.mug, 1, "9.95"),
        (shop.lamp, 2, "120.00"),
        order_discount=Decimal("5.00"),
        discount_code="AHOY",
        shipping=Decimal("4.90"),
        customer_note="Please ring twice.",
        staff_note="Wrote to the customer about the house number.",
        when_short=WhenShort.BACKORDER,
    )
    hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="No house number", now=now)
    set_tags(order_id=order.pk, add=["vip", "follow up"], remove=[], now=now)
    return order


def _waiting(shop: Shop) -> Order:
    draft = shop.draft((shop.lamp, 500), when_short=WhenShort.BACKORDER)
    unknown = DraftLine(sku="NOT-OURS", name="A thing", quantity=1, unit_price=Decimal(3))
    return place_order(replace(draft, lines=(*draft.lines, unknown)), now=timezone.now())


def _delivered(shop: Shop) -> Order:
    order = _paid(shop)
    shipment = dispatched(order)
    drain_all()
    for parcel in Parcel.objects.filter(shipment=shipment):
        moments = (
            (TrackingStatus.IN_TRANSIT, 2, "Sorted at the parcel centre"),
            (TrackingStatus.DELIVERED, 1, "Handed over at the door"),
        )
        record_tracking(
            parcel_id=parcel.pk,
            reports=[
                Report(status, timezone.now() - timedelta(hours=hours), text, "Berlin")
                for status, hours, text in moments
            ],
            source=EventSource.STAFF,
            now=timezone.now(),
        )
    return Order.objects.get(pk=order.pk)


def _return(shop: Shop, state: str) -> ReturnRequest:
    """A return that has come as far as `state`."""
    now = timezone.now()
    order = _delivered(shop)
    line = order.lines.get(sku="SHIRT-M")
    wanted = [Wanted(line.pk, 1, ReturnReason.WRONG_SIZE)]
    made = request_return(order_id=order.pk, wanted=wanted, note="Too tight.", now=now)
    back = made.lines.get()
    steps = (
        lambda: approve_return(return_id=made.pk, now=now),
        lambda: receive_return(
            return_id=made.pk, location=shop.warehouse, received={back.pk: 1}, now=now
        ),
        lambda: inspect_return(return_id=made.pk, results={back.pk: Inspected(1, 0, 1)}, now=now),
        lambda: refund_return(return_id=made.pk, now=now),
    )
    for step in steps[: STATES.index(state)]:
        step()
    return ReturnRequest.objects.get(pk=made.pk)


def _raise_attention(order: Order) -> None:
    for kind in ("label_failed", "short_pick"):
        attention.raise_item(
            kind=kind,
            subject_type="order",
            subject_id=order.pk,
            title=f"{order.number}: look at this",
            detail="It happened at night.",
            url=f"/orders/{order.pk}/",
        )


def _import() -> ImportRun:
    """A file with one good order and one that is refused."""
    return imports.start_run(
        "orders",
        format="shopify",
        name="export.csv",
        content=shop_export({}, {"Currency": "EURO"}),
        options={"channel": "web"},
    )


@transaction.atomic
def _export(user: User) -> Job:
    papers = list(Document.objects.values_list("pk", flat=True)[:2])
    return jobs.start(
        "core.print_documents",
        params={"document_ids": papers},
        title="Print 2 documents",
    )


# Addresses of files and of parts of pages: no pages of their own.
NO_PAGES = {
    "orders:order_rules",
    "hook",
    "healthz",
    "readyz",
    "metrics",
    "palette",
    "timeline_older",
    "list_export",
    "list_bulk",
    "job_progress",
    "job_file",
    "document_progress",
    "document_file",
    "document_html",
    "import_progress",
    "import_errors",
    "import_source",
    "import_template",
    "training_sample",
    "inventory:picture",
    "orders:recall_export",
    "styleguide",  # tests/design looks at it, with every menu and dialog open
}
STRANGERS = {
    "login",
    "login_code",
    "password_forgotten",
    "password_set",
    "orders:track_enter",
    "orders:track_order",
    "orders:quote_enter",
    "orders:quote_view",
}
# Looked at from a window of somebody who signed in with a second factor.
OF_THE_GUARDED = {"recovery_codes"}


def pages(store: Store) -> Iterator[tuple[str, str]]:
    """Every page of the back office by the name of its address, at least one path each."""

    def page(name: str, *args: object, query: str = "") -> tuple[str, str]:
        return name, reverse(name, args=args) + query

    yield from (
        page(name)
        for name in (
            *_WITHOUT_ARGUMENTS,
            *buying.WITHOUT_ARGUMENTS,
            *catalogued.WITHOUT_ARGUMENTS,
            *changed.WITHOUT_ARGUMENTS,
            *promised.WITHOUT_ARGUMENTS,
            *moved.WITHOUT_ARGUMENTS,
            *hooked.WITHOUT_ARGUMENTS,
            *ruled.WITHOUT_ARGUMENTS,
            *risked.WITHOUT_ARGUMENTS,
            *recommended.WITHOUT_ARGUMENTS,
        )
    )
    yield from buying.pages(page)
    yield from business.pages(page)
    yield from catalogued.pages(page)
    yield from changed.pages(page)
    yield from promised.pages(page)
    yield from moved.pages(page)
    yield from hooked.pages(page)
    yield from ruled.pages(page)
    yield from risked.pages(page)
    yield from recommended.pages(page)
    yield from sourced.pages(page)
    yield from _of_core(store, page)
    yield from _of_orders(store, page)
    yield from _of_stock(store, page)
    yield from _of_traced(store, page)
    yield from _of_money(store, page)
    yield from _of_shipping(store, page)
    yield from _of_returns(store, page)


_WITHOUT_ARGUMENTS = (
    "home",
    "account",
    "password_change",
    "second_factor_add",
    "second_factor_remove",
    "search",
    "job_list",
    "document_list",
    "message_list",
    "wording_list",
    "import_list",
    "import_new",
    "audit",
    "settings",
    "legal_entity_list",
    "legal_entity_new",
    "api_key_list",
    "api_key_new",
    "api_document",
    "user_list",
    "user_new",
    "role_matrix",
    "first_hour",
    "system_health",
    "failed_work",
    "inventory:stock_list",
    "inventory:movement_list",
    "inventory:stock_adjust",
    "inventory:product_list",
    "inventory:product_new",
    "inventory:location_list",
    "inventory:location_new",
    "inventory:channel_places_list",
    "inventory:lot_list",
    "inventory:serial_list",
    "inventory:serial_new",
    "inventory:snapshot_list",
    "inventory:suggestion_list",
    "inventory:suggestion_review",
    "inventory:reorder_rule_list",
    "inventory:reorder_rule_new",
    "inventory:reorder_rule_paste",
    "inventory:buying_limit_list",
    "inventory:buying_limit_new",
    "inventory:cover_list",
    "inventory:valuation_list",
    "inventory:ageing_list",
    "orders:order_list",
    "orders:order_create",
    "orders:channel_list",
    "orders:channel_new",
    "orders:price_list_list",
    "orders:price_list_new",
    "orders:promotion_list",
    "orders:promotion_new",
    "orders:coupon_list",
    "orders:coupon_new",
    "orders:quote_list",
    "orders:quote_create",
    "orders:standing_list",
    "orders:standing_create",
    "orders:tax_rate_list",
    "orders:tax_rate_new",
    "orders:shipping_service_list",
    "orders:shipping_service_new",
    "orders:shipping_zone_list",
    "orders:shipping_zone_new",
    "orders:shipping_rate_list",
    "orders:shipping_rate_new",
    "orders:sourcing_rule_list",
    "orders:sourcing_rule_new",
    "orders:sending_terms_list",
    "orders:sending_terms_new",
    "orders:what_if_list",
    "orders:what_if_new",
    "customers:customer_group_list",
    "customers:customer_group_new",
    "customers:customer_list",
    "customers:customer_create",
    "customers:company_list",
    "customers:company_create",
    "payments:payment_list",
    "payments:invoice_list",
    "payments:goodwill_limit_list",
    "payments:goodwill_limit_new",
    "shipping:work_list",
    "shipping:shipment_list",
    "returns:return_list",
)


def _of_core(store: Store, page) -> Iterator[tuple[str, str]]:
    yield page("search", query="?q=mug&stay=1")
    yield page("import_new", query="?kind=orders")
    yield page("api_key_detail", store.api_key_id)
    yield page("api_key_revoke", store.api_key_id)
    yield page("import_detail", store.run.pk)
    yield page("job_detail", store.job.pk)
    yield page("document_detail", Document.objects.latest("pk").pk)
    yield page("message_detail", Message.objects.latest("pk").pk)
    yield page("wording_edit", "order_shipped")
    yield page("legal_entity_edit", store.shop.entity.pk)
    yield page("user_detail", store.guarded.pk)


def _of_orders(store: Store, page) -> Iterator[tuple[str, str]]:
    yield page("orders:order_list", query="?q=nobody-at-all")
    yield page("orders:order_list", query="?payment=pending&q=total>1")
    for order in (store.unpaid, store.waiting, store.being_packed, store.delivered):
        yield page("orders:order_detail", order.pk)
    names = "order_hold", "order_tags", "order_address", "order_deliver_by", "order_cancel"
    for name in (*names, "order_assign"):
        yield page(f"orders:{name}", store.unpaid.pk)
    yield page("orders:order_hold", store.being_packed.pk)
    yield page("orders:holds_release", store.unpaid.pk)
    yield page("orders:order_sourcing", store.being_packed.pk)
    yield page("orders:sourcing_override", store.ready.pk)
    for name in ("order_split", "order_merge", "order_allocate"):
        yield page(f"orders:{name}", store.waiting.pk)
    yield page("orders:order_reship", store.delivered.pk)
    yield page("orders:order_cancel", store.delivered.pk)
    yield page("orders:hold_release", store.unpaid.pk, store.unpaid.holds.get().pk)
    unknown = store.waiting.lines.get(sku="NOT-OURS")
    yield page("orders:line_match", store.waiting.pk, unknown.pk)
    yield page("orders:variant_prices", store.shop.mug.pk)
    for name, model in (
        ("channel", Channel),
        ("price_list", PriceList),
        ("promotion", Promotion),
        ("coupon", Coupon),
        ("tax_rate", TaxRate),
        ("shipping_service", ShippingService),
        ("shipping_zone", ShippingZone),
        ("shipping_rate", ShippingRate),
        ("sourcing_rule", SourcingRule),
        ("sending_terms", SendingTerms),
    ):
        yield page(f"orders:{name}_edit", model.objects.earliest("pk").pk)
    yield page("orders:price_list_prices", PriceList.objects.earliest("pk").pk)
    yield page("customers:customer_group_edit", CustomerGroup.objects.earliest("pk").pk)
    customer = Customer.objects.earliest("pk")
    for name in ("customer_detail", "customer_edit", "address_create"):
        yield page(f"customers:{name}", customer.pk)


def _of_stock(store: Store, page) -> Iterator[tuple[str, str]]:
    level = StockLevel.objects.earliest("pk")
    product = Product.objects.earliest("pk")
    yield page("inventory:level_edit", level.pk)
    yield page("inventory:variant_detail", store.shop.lamp.pk)
    yield page("inventory:variant_edit", store.shop.mug.pk)
    for name in ("product_detail", "product_edit", "variant_new"):
        yield page(f"inventory:{name}", product.pk)
    yield page("inventory:location_edit", store.shop.warehouse.pk)
    yield page("inventory:channel_places_edit", store.shop.web.pk)
    yield page("inventory:reorder_rule_edit", ReorderRule.objects.earliest("pk").pk)
    yield page("inventory:buying_limit_edit", BuyingLimit.objects.get().pk)


def _of_traced(_store: Store, page) -> Iterator[tuple[str, str]]:
    yield from traced.pages(page)


def _of_money(store: Store, page) -> Iterator[tuple[str, str]]:
    yield page("payments:payment_detail", store.awaited_id)
    yield page("payments:payment_confirm", store.awaited_id)
    yield page("payments:payment_cancel", store.awaited_id)
    yield page("payments:payment_capture", store.authorised_id)
    yield page("payments:payment_record", store.unpaid.pk)
    yield page("payments:refund_create", store.delivered.pk)
    for invoice in (Invoice.objects.earliest("pk"), Invoice.objects.latest("pk")):
        yield page("payments:invoice_detail", invoice.pk)
    yield page("payments:goodwill_limit_edit", GoodwillLimit.objects.get().pk)


def _of_shipping(store: Store, page) -> Iterator[tuple[str, str]]:
    for order in (store.ready, store.being_picked, store.delivered):
        yield page("shipping:pick_page", work_of(order).pk)
    for order in (store.being_picked, store.being_packed):
        yield page("shipping:pack_page", work_of(order).pk)
    for shipment in (store.labelled, store.sent, Shipment.objects.get(state="packed")):
        yield page("shipping:shipment_detail", shipment.pk)
    yield page("shipping:tracking_add", store.sent.parcels.get().pk)


def _of_returns(store: Store, page) -> Iterator[tuple[str, str]]:
    yield page("returns:return_create", store.delivered.pk)
    for made in store.returns.values():
        yield page("returns:return_detail", made.pk)
    for name, state in (
        ("approve", "requested"),
        ("reject", "requested"),
        ("cancel", "approved"),
        ("receive", "approved"),
        ("inspect", "received"),
        ("refund", "inspected"),
        ("close", "inspected"),
    ):
        yield page(f"returns:return_{name}", store.returns[state].pk)
