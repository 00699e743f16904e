"""The pages of channels, price lists, promotions and coupons, and the import of price lists."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from core.models import StoredFact
from core.once import new_token
from core.rights import Role
from core.tasks import drain_all
from customers.models import CustomerGroup
from inventory.models import ChannelLocation
from orders.models import (
    ChannelPolicy,
    Coupon,
    Price,
    PriceList,
    Promotion,
    ShippingRate,
    ShippingService,
    ShippingZone,
    TaxRate,
)
from orders.selectors.policies import places_of
from tests.cast import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client) -> Client:
    client.force_login(make_user(Role.ADMIN))
    return client


def send(client: Client, page: str, *args: object, **values: object):
    return client.post(
        reverse(f"orders:{page}", args=args), {"version": "0", "_once": new_token()} | values
    )


def channel_values(shop, **more):
    return {
        "code": "web",
        "name": "Web shop",
        "kind": "web",
        "legal_entity": shop.entity.pk,
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "number_prefix": "SO-",
        "prices_include_tax": "on",
        "stock_buffer": "2",
        "unpaid_days": "14",
        "is_active": "on",
        "payment_terms": "prepaid",
        "tax_rounding": "line",
        "override_limit": "20",
        "promise_percentile": "90",
        "places": [shop.warehouse.pk, shop.store.pk],
    } | more


def test_everything_of_a_channel_is_set_on_one_page(admin, shop):
    trade = PriceList.objects.create(name="Trade", currency="EUR")
    values = channel_values(
        shop,
        price_list=trade.pk,
        payment_terms="net",
        tax_rounding="document",
        override_limit="7.5",
        places=[shop.store.pk],
    )
    assert send(admin, "channel_edit", shop.web.pk, **values).status_code == 302
    policy = ChannelPolicy.objects.get(channel=shop.web)
    assert (policy.price_list, policy.payment_terms, policy.tax_rounding) == (
        trade,
        "net",
        "document",
    )
    assert policy.override_limit == Decimal("7.50")
    assert places_of(shop.web) == [shop.store]
    told = StoredFact.objects.get(name="orders.ChannelPolicyChanged")
    assert told.changes["price list"] == ["none", "Trade"]
    listed = admin.get(reverse("orders:channel_list")).content.decode()
    assert "Trade" in listed
    assert "Munich store" in listed


def test_amounts_stand_in_the_forms_as_people_write_them(admin, shop):
    send(admin, "channel_edit", shop.web.pk, **channel_values(shop, override_limit="20"))
    offer = Promotion.objects.create(
        name="Ten", kind="fixed", amount=Decimal(10), minimum=Decimal("49.5"), currency="EUR"
    )
    post = ShippingService.objects.create(code="post", name="Post")
    zone = ShippingZone.objects.create(service=post, name="Home", countries=["DE"])
    rate = ShippingRate.objects.create(zone=zone, up_to_g=1, currency="EUR", amount=5, cost="4.2")
    for name, pk, values in (
        ("channel_edit", shop.web.pk, {"override_limit": "20"}),
        ("promotion_edit", offer.pk, {"amount": "10", "minimum": "49.5", "percent": "0"}),
        ("shipping_rate_edit", rate.pk, {"amount": "5.00", "cost": "4.20"}),
    ):
        form = admin.get(reverse(f"orders:{name}", args=[pk])).context["form"]
        assert {field: str(form[field].value()) for field in values} == values


def test_a_channel_saved_as_it_is_changes_nothing(admin, shop):
    shop.web.stock_buffer = 2
    shop.web.save()
    before = list(ChannelLocation.objects.values_list("pk", flat=True))
    assert send(admin, "channel_edit", shop.web.pk, **channel_values(shop)).status_code == 302
    assert list(ChannelLocation.objects.values_list("pk", flat=True)) == before
    assert not StoredFact.objects.filter(name="orders.ChannelPolicyChanged").exists()


def test_what_somebody_else_changed_of_a_channel_is_not_overwritten(admin, shop):
    send(admin, "channel_edit", shop.web.pk, **channel_values(shop, override_limit="5"))
    stale = send(admin, "channel_edit", shop.web.pk, **channel_values(shop, override_limit="9"))
    assert stale.status_code == 409
    assert ChannelPolicy.objects.get().override_limit == 5


def test_managers_do_not_see_the_settings_of_channels(client, shop):
    client.force_login(make_user(Role.MANAGER))
    assert client.get(reverse("orders:channel_list")).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_channels_are_listed_with_the_same_queries(admin, shop, rows, django_assert_num_queries):
    for number in range(1, rows):
        shop.web.pk, shop.web.code = None, f"web-{number}"
        shop.web.save()
        ChannelLocation.objects.create(channel=shop.web, location=shop.store, priority=1)
    admin.get(reverse("orders:channel_list"))
    with django_assert_num_queries(6):
        admin.get(reverse("orders:channel_list"))


def test_a_price_list_is_made_and_its_prices_are_pasted(admin, shop):
    trade = CustomerGroup.objects.create(name="Trade")
    values = {"name": "Trade", "currency": "eur", "priority": 0, "groups": [trade.pk]}
    assert send(admin, "price_list_new", **values, is_active="on").status_code == 302
    kept = PriceList.objects.get()
    rows = "sku\tprice\tfrom_quantity\nMUG\t9,00\t\nMUG\t8.00\t10\nNOPE\t1\t\nLAMP\t1.005\t\n"
    shown = send(admin, "price_list_prices", kept.pk, rows=rows, do="preview")
    assert [row.result for row in shown.context["rows"]] == [
        "created",
        "created",
        "refused",
        "refused",
    ]
    assert not kept.items.exists()
    send(admin, "price_list_prices", kept.pk, rows=rows, do="save")
    drain_all()
    assert list(kept.items.order_by("pk").values_list("min_quantity", "amount")) == [
        (1, Decimal("9.00")),
        (10, Decimal("8.00")),
    ]
    page = admin.get(reverse("orders:price_list_prices", args=[kept.pk])).content.decode()
    assert "€8.00" in page


def test_the_same_rows_again_change_nothing_and_an_empty_price_takes_it_away(admin, shop):
    kept = PriceList.objects.create(name="Trade", currency="EUR")
    kept.items.create(variant=shop.mug, amount=Decimal("9"))
    rows = "sku,price\nMUG,9.00\n"
    shown = send(admin, "price_list_prices", kept.pk, rows=rows, do="preview")
    assert [row.result for row in shown.context["rows"]] == ["unchanged"]
    send(admin, "price_list_prices", kept.pk, rows="sku,price\nMUG,\n", do="save")
    drain_all()
    assert not kept.items.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "percent"}, "percent"),
        ({"kind": "percent", "percent": "101"}, "percent"),
        ({"kind": "fixed", "amount": "5"}, "currency"),
        ({"kind": "fixed", "amount": "5.001", "currency": "EUR"}, "amount"),
        ({"kind": "fixed", "currency": "EUR"}, "amount"),
        ({"kind": "buy_x_get_y", "buy_quantity": "2", "percent": "100"}, "get_quantity"),
        ({"kind": "free_shipping", "minimum": "50"}, "currency"),
        (
            {"kind": "free_shipping", "valid_from": "2026-11-02", "valid_until": "2026-11-01"},
            "valid_until",
        ),
    ],
)
def test_a_promotion_that_means_nothing_is_refused_beside_its_field(admin, values, field):
    sent = send(admin, "promotion_new", name="Autumn", priority=0, **values)
    assert sent.status_code == 422
    assert field in sent.context["form"].errors
    assert not Promotion.objects.exists()


def test_a_promotion_and_its_coupon_are_made_and_told(admin):
    values = {"name": "Autumn", "kind": "percent", "percent": "10", "skus": "mug, lamp"}
    assert send(admin, "promotion_new", priority=0, is_active="on", **values).status_code == 302
    autumn = Promotion.objects.get()
    assert autumn.skus == ["LAMP", "MUG"]
    coupon = {"code": "ahoy 10", "promotion": autumn.pk, "total_limit": 5, "is_active": "on"}
    assert send(admin, "coupon_new", **coupon).status_code == 302
    assert Coupon.objects.get().code == "AHOY10"
    assert send(admin, "coupon_new", **coupon).status_code == 422
    assert StoredFact.objects.filter(name="orders.PromotionChanged").count() == 1


def test_a_rate_of_a_region_stands_beside_its_country_s(admin):
    values = {"country": "US", "tax_class": "standard", "name": "Sales tax", "percent": "5"}
    assert send(admin, "tax_rate_new", **values).status_code == 302
    assert send(admin, "tax_rate_new", **values, region="NY").status_code == 302
    assert send(admin, "tax_rate_new", **values, region="ny").status_code == 422
    assert TaxRate.objects.count() == 2


def test_entering_an_order_explains_prices_and_takes_coupons(client, shop):
    client.force_login(make_user(Role.SALES))
    shop.stock(shop.mug, 5)
    Price.objects.create(variant=shop.mug, currency="EUR", amount=Decimal("10.00"))
    autumn = Promotion.objects.create(name="Autumn", kind="percent", percent=10, needs_coupon=True)
    Coupon.objects.create(promotion=autumn, code="AHOY", created_at="2026-11-18T00:00Z")
    values = {
        "channel": shop.web.pk,
        "name": "Ada",
        "line1": "Torstraße 1",
        "city": "Berlin",
        "country": "DE",
        "payment_terms": "prepaid",
        "when_short": "reject",
        "coupon": "ahoy nope",
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "lines-0-sku": "MUG",
        "lines-0-quantity": 2,
        "do": "quote",
    }
    page = send(client, "order_create", **values).content.decode()
    for words in ("List price", "Autumn (AHOY): −", "there is no such coupon", "€18.00"):
        assert words in page
    far = values | {"do": "place", "lines-0-unit_price": "5.00"}
    assert "say why MUG costs" in send(client, "order_create", **far).content.decode()
    far["lines-0-reason"] = "Friend"
    refused = send(client, "order_create", **far)
    assert "more than 20 % from its list price" in refused.content.decode()
    placed = send(client, "order_create", **values | {"do": "place"})
    shown = client.get(placed.headers["Location"]).content.decode()
    assert "Autumn (AHOY) −" in shown
