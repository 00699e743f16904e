"""Quotes: lists, promotions, coupons and taxes, and that what is quoted is what is placed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.rights import Role
from customers.models import Company, CustomerGroup
from inventory.models import Category, Variant
from orders.drafts import OrderDraft
from orders.errors import CouponSpent, PriceTooFar
from orders.models import (
    Adjustment,
    ChannelPolicy,
    Coupon,
    CouponRedemption,
    Price,
    PriceList,
    Promotion,
    ShippingRate,
    ShippingService,
    ShippingZone,
    TaxRate,
)
from orders.rights import OVERRIDE_PRICES
from orders.selectors import price_draft, quote_order
from orders.selectors.quoting import LineWish
from orders.services import cancel_order, draft_quoted, place_order, place_orders
from orders.states import TaxTreatment
from tests.cast import NOON, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def priced(shop):
    """The shop with prices, a tax and stock."""
    for variant, amount in ((shop.mug, "10.00"), (shop.shirt, "20.00"), (shop.lamp, "30.00")):
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal(amount))
        shop.stock(variant, 100)
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"))
    return shop


@pytest.fixture
def parcel(db) -> ShippingService:
    service = ShippingService.objects.create(code="std", name="Standard")
    zone = ShippingZone.objects.create(service=service, name="All", countries=["*"])
    ShippingRate.objects.create(
        zone=zone, up_to_g=30_000, currency="EUR", amount=Decimal("4.90"), cost=3
    )
    return service


def quote(shop, *wishes, country="DE", service=None, **more):
    return quote_order(
        [LineWish(*wish) if isinstance(wish, tuple) else LineWish(wish, 1) for wish in wishes],
        channel=shop.web,
        country=country,
        service=service,
        shipping=None,
        now=NOON,
        **more,
    )


def draft(shop, **more) -> OrderDraft:
    return OrderDraft(channel=shop.web, currency="EUR", lines=(), **more)


def promotion(**words) -> Promotion:
    words = {"name": "Autumn", "kind": "percent", "percent": 10} | words
    return Promotion.objects.create(**words)


def coupon(code="AHOY", **words) -> Coupon:
    found = words.pop("promotion", None) or promotion(needs_coupon=True)
    return Coupon.objects.create(promotion=found, code=code, created_at=NOON, **words)


def price_list(shop, *steps, name="Trade", **words) -> PriceList:
    kept = PriceList.objects.create(name=name, currency="EUR", **words)
    for quantity, amount in steps:
        kept.items.create(variant=shop.mug, min_quantity=quantity, amount=Decimal(amount))
    return kept


def test_without_lists_the_list_price_holds(priced):
    (line,) = quote(priced, "MUG").lines
    assert (line.unit_price, line.price_source, line.tax_rate) == (
        Decimal("10.00"),
        "List price",
        Decimal("0.19"),
    )


def test_a_list_of_the_channel_holds_from_its_steps(priced):
    price_list(priced, (1, "9.00"), (10, "8.00")).channels.add(priced.web)
    few, many = quote(priced, ("MUG", 9)), quote(priced, ("MUG", 10))
    assert [few.lines[0].unit_price, few.lines[0].price_source] == [
        Decimal("9.00"),
        "Price list Trade",
    ]
    assert [many.lines[0].unit_price, many.lines[0].price_source] == [
        Decimal("8.00"),
        "Price list Trade, from 10 units",
    ]


def test_lines_of_one_sku_reach_a_step_together(priced):
    price_list(priced, (10, "8.00")).channels.add(priced.web)
    assert [one.unit_price for one in quote(priced, ("MUG", 4), ("MUG", 6)).lines] == [
        Decimal("8.00"),
        Decimal("8.00"),
    ]


def test_a_list_that_names_nobody_holds_where_a_policy_names_it(priced):
    kept = price_list(priced, (1, "9.00"))
    assert quote(priced, "MUG").lines[0].price_source == "List price"
    ChannelPolicy.objects.create(channel=priced.web, price_list=kept)
    assert quote(priced, "MUG").lines[0].price_source == "Price list Trade"


def test_a_group_s_list_goes_before_the_channel_s(priced):
    trade = CustomerGroup.objects.create(name="Trade")
    price_list(priced, (1, "7.00")).groups.add(trade)
    price_list(priced, (1, "9.00"), name="Web").channels.add(priced.web)
    company = Company.objects.create(name="Ferry Line AB", group=trade)
    buyer = make_customer(company=company)
    assert quote(priced, "MUG").lines[0].price_source == "Price list Web"
    assert quote(priced, "MUG", customer_id=buyer.pk).lines[0].unit_price == Decimal("7.00")


def test_a_list_for_a_group_in_another_channel_does_not_hold(priced):
    trade = CustomerGroup.objects.create(name="Trade")
    kept = price_list(priced, (1, "7.00"))
    kept.groups.add(trade)
    priced.web.pk, other = None, priced.web.pk
    priced.web.code = "other"
    priced.web.save()
    kept.channels.add(priced.web)
    priced.web = type(priced.web).objects.get(pk=other)
    buyer = make_customer(group=trade)
    assert quote(priced, "MUG", customer_id=buyer.pk).lines[0].price_source == "List price"


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ({"valid_until": date(2026, 11, 18)}, True),
        ({"valid_until": date(2026, 11, 17)}, False),
        ({"valid_from": date(2026, 11, 19)}, False),
        ({"is_active": False}, False),
    ],
)
def test_a_list_holds_on_its_days(priced, words, holds):
    price_list(priced, (1, "9.00"), **words).channels.add(priced.web)
    assert (quote(priced, "MUG").lines[0].unit_price == Decimal("9.00")) is holds


def test_what_is_quoted_is_what_is_placed(priced, parcel):
    promotion()
    promotion(name="Post", kind="free_shipping", percent=0)
    coupon(promotion=promotion(name="Five", kind="fixed", percent=0, amount=5, currency="EUR"))
    ChannelPolicy.objects.create(channel=priced.web, tax_rounding="document")
    found = quote(
        priced,
        ("MUG", 3),
        ("LAMP", 1, Decimal("29.00"), "Scratched"),
        service=parcel,
        discount=Decimal("3.33"),
        codes=["ahoy"],
    )
    order = place_order(price_draft(draft(priced), found), now=NOON)
    lines = list(order.lines.all())
    assert [(line.unit_price, line.discount, line.tax, line.total) for line in lines] == [
        (line.unit_price, line.discount, line.tax, line.total) for line in found.price.lines
    ]
    assert (order.total, order.tax_total, order.shipping_total) == (
        found.price.total,
        found.price.tax_total,
        found.price.shipping_total,
    )
    assert [(line.list_price, line.price_source, line.price_reason) for line in lines] == [
        (Decimal("10.00"), "List price", ""),
        (Decimal("30.00"), "By hand", "Scratched"),
    ]
    assert [(row.label, row.amount) for row in order.adjustments.all()] == [
        ("Post", Decimal("4.90"))
    ]
    assert order.discount_code == "AHOY"


def test_every_discount_is_written_down_line_by_line(priced):
    promotion()
    found = quote(priced, ("MUG", 2), "LAMP", discount=Decimal("5.00"))
    order = place_order(price_draft(draft(priced), found), now=NOON)
    rows = Adjustment.objects.filter(line__order=order).order_by("line__position", "pk")
    assert [(row.line.sku, row.label, row.amount) for row in rows] == [
        ("MUG", "Autumn", Decimal("2.00")),
        ("MUG", "Discount on the order", Decimal("2.00")),
        ("LAMP", "Autumn", Decimal("3.00")),
        ("LAMP", "Discount on the order", Decimal("3.00")),
    ]
    assert found.lines[0].reasons == [
        ("Autumn", Decimal("2.00")),
        ("Discount on the order", Decimal("2.00")),
    ]


def test_a_price_given_by_hand_is_left_alone_by_promotions(priced):
    promotion()
    found = quote(priced, ("MUG", 1, Decimal("9.00"), "Dented"), "LAMP")
    assert [line.discount for line in found.price.lines] == [Decimal("0.00"), Decimal("3.00")]


def test_a_promotion_of_a_category_finds_its_products(priced):
    lights = Category.objects.create(name="Lights")
    priced.lamp.product.category = lights
    priced.lamp.product.save()
    promotion().categories.add(lights)
    found = quote(priced, "MUG", "LAMP")
    assert [line.discount for line in found.price.lines] == [Decimal("0.00"), Decimal("3.00")]


@pytest.mark.parametrize(
    ("words", "codes", "answer"),
    [
        ({}, ["NOPE"], "there is no such coupon"),
        ({"is_active": False}, ["AHOY"], "there is no such coupon"),
        ({"total_limit": 0}, ["AHOY"], "used up"),
    ],
)
def test_a_coupon_that_gives_nothing_says_why(priced, words, codes, answer):
    coupon(**words)
    found = quote(priced, "MUG", codes=codes)
    assert [(one.words, one.is_applied) for one in found.told] == [(answer, False)]
    assert (found.codes, found.price.discount_total) == ((), 0)


def test_a_coupon_below_its_minimum_says_how_much_is_needed(priced):
    coupon(promotion=promotion(needs_coupon=True, minimum=Decimal("50"), currency="EUR"))
    found = quote(priced, "MUG", codes=["AHOY"])
    assert [one.words for one in found.told] == ["needs products for 50 EUR"]


def test_a_coupon_is_used_once_by_a_customer_and_comes_back_with_the_order(priced):
    kept = coupon(customer_limit=1)
    buyer = make_customer()
    found = quote(priced, "MUG", customer_id=buyer.pk, codes=["AHOY"])
    once = place_order(price_draft(draft(priced, customer_id=buyer.pk), found), now=NOON)
    again = quote(priced, "MUG", customer_id=buyer.pk, codes=["AHOY"])
    assert [one.words for one in again.told] == ["this customer has used it already"]
    with pytest.raises(CouponSpent):
        place_order(price_draft(draft(priced, customer_id=buyer.pk), found), now=NOON)
    cancel_order(order_id=once.pk, reason="Changed their mind", now=NOON)
    kept.refresh_from_db()
    assert (kept.used, CouponRedemption.objects.filter(returned_at=None).count()) == (0, 0)
    place_order(price_draft(draft(priced, customer_id=buyer.pk), found), now=NOON)


def test_a_part_cancelled_keeps_the_coupon(priced):
    kept = coupon()
    found = quote(priced, ("MUG", 2), codes=["AHOY"])
    order = place_order(price_draft(draft(priced), found), now=NOON)
    cancel_order(order_id=order.pk, reason="One less", units={order.lines.get().pk: 1}, now=NOON)
    kept.refresh_from_db()
    assert kept.used == 1


def test_guests_are_told_apart_by_their_address(priced):
    coupon(customer_limit=1)
    found = quote(priced, "MUG", codes=["AHOY"])
    place_order(price_draft(draft(priced, email="Ada@example.com"), found), now=NOON)
    place_order(price_draft(draft(priced, email="bo@example.com"), found), now=NOON)
    with pytest.raises(CouponSpent):
        place_order(price_draft(draft(priced, email="ada@example.com"), found), now=NOON)


def test_a_price_by_hand_needs_a_reason_and_keeps_to_the_limit(priced):
    for wish in (("MUG", 1, Decimal("9.00")), ("MUG", 1, Decimal("7.99"), "Friend")):
        with pytest.raises(PriceTooFar):
            draft_quoted(draft(priced), quote(priced, wish), may_exceed=False)
    kept = quote(priced, ("MUG", 1, Decimal("8.00"), "Friend"))
    order = place_order(draft_quoted(draft(priced), kept, may_exceed=False), now=NOON)
    assert order.lines.get().price_reason == "Friend"
    far = quote(priced, ("MUG", 1, Decimal("1.00"), "Director’s word"))
    order = place_order(draft_quoted(draft(priced), far, may_exceed=True), now=NOON)
    assert order.total == Decimal("1.00")


def test_a_business_elsewhere_in_the_eu_pays_no_tax(priced):
    company = Company.objects.create(name="Wien GmbH", vat_id="ATU13585627")
    buyer = make_customer(company=company)
    found = quote(priced, "MUG", country="AT", customer_id=buyer.pk)
    assert (found.treatment, found.price.tax_total, found.lines[0].unit_price) == (
        TaxTreatment.REVERSE_CHARGE,
        0,
        Decimal("8.40"),
    )
    assert found.lines[0].price_source == "List price, without tax"
    order = place_order(price_draft(draft(priced, customer_id=buyer.pk), found), now=NOON)
    assert order.tax_treatment == TaxTreatment.REVERSE_CHARGE


def test_a_vat_id_whose_digits_do_not_fit_changes_nothing(priced):
    company = Company.objects.create(name="Wien GmbH", vat_id="ATU13585626")
    buyer = make_customer(company=company)
    found = quote(priced, "MUG", country="AT", customer_id=buyer.pk)
    assert found.treatment == TaxTreatment.TAXED


def test_an_exempt_customer_pays_no_tax_at_home(priced):
    buyer = make_customer(is_tax_exempt=True)
    found = quote(priced, "MUG", customer_id=buyer.pk)
    assert (found.treatment, found.price.total) == (TaxTreatment.EXEMPT, Decimal("8.40"))


def test_a_region_s_rate_goes_before_its_country_s(priced):
    TaxRate.objects.create(country="US", rate=Decimal("0.05"))
    TaxRate.objects.create(country="US", region="NY", rate=Decimal("0.08875"))
    found = [quote(priced, "MUG", country="US", region=name) for name in ("ny", "TX")]
    assert [one.lines[0].tax_rate for one in found] == [Decimal("0.08875"), Decimal("0.05")]


def test_a_quote_takes_the_same_queries_for_any_number_of_lines(priced, parcel):
    promotion()
    coupon(promotion=promotion(name="More", needs_coupon=True))
    price_list(priced, (1, "9.00")).channels.add(priced.web)
    buyer = make_customer()

    def queries(*wishes) -> int:
        with CaptureQueriesContext(connection) as captured:
            quote(priced, *wishes, service=parcel, customer_id=buyer.pk, codes=["AHOY"])
        return len(captured)

    assert queries("MUG") == queries("MUG", "SHIRT-M", "LAMP")


def test_coupons_are_taken_with_the_same_queries_for_any_number_of_orders(priced):
    coupon()
    found = quote(priced, "MUG", codes=["AHOY"])

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            place_orders([price_draft(draft(priced), found)] * count, now=NOON)
        return len(captured)

    assert queries(1) == queries(5)


def test_managers_may_give_any_price(db):
    assert OVERRIDE_PRICES.roles == {Role.MANAGER, Role.ADMIN}


def test_a_variant_may_be_taxed_otherwise_than_its_product(priced):
    TaxRate.objects.create(country="DE", tax_class="reduced", name="VAT", rate=Decimal("0.07"))
    Variant.objects.filter(pk=priced.mug.pk).update(tax_class="reduced")
    (line,) = quote(priced, "MUG").lines
    assert line.tax_rate == Decimal("0.07")
