"""Pages of stock and the catalogue: what they show, to whom, and what they refuse."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AttentionItem, StoredFact
from core.rights import Role
from inventory.models import (
    ChannelLocation,
    LocationAccess,
    Lot,
    LotBalance,
    Movement,
    Product,
    StockLevel,
    Variant,
)
from inventory.selectors import visible_locations
from inventory.selectors.stock import breakdown, variants_with_stock
from inventory.services import StockChange, move_stock, receive_serials, reserve
from inventory.services.catalogue import version_of
from inventory.services.composing import PartWish, set_parts
from inventory.states import MovementReason, Tracking, VariantKind
from tests.cast import NOON, make_user, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def packer(client, shop):
    """A member of the warehouse who works in Berlin, signed in with `client`."""
    user = make_user(Role.WAREHOUSE)
    LocationAccess.objects.create(user=user, location=shop.warehouse)
    client.force_login(user)
    return user


def adjustment(shop, **more):
    return {
        "sku": "MUG",
        "location": shop.warehouse.pk,
        "condition": "sellable",
        "mode": "set",
        "units": "7",
        "reason": "count",
        "_once": str(uuid.uuid4()),
        **more,
    }


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


LISTS = ("inventory:stock_list", "inventory:movement_list", "inventory:product_list")


@pytest.mark.parametrize("page", LISTS)
def test_a_list_asks_as_much_for_30_rows_as_for_one(as_manager, shop, page):
    shop.stock(shop.mug, 5)
    url = reverse(page) + "?view=all"
    queries(as_manager, url)
    one = queries(as_manager, url)
    for number in range(30):
        shop.stock(make_variant(f"SKU-{number:02}", f"Thing {number}"), 3)
    assert queries(as_manager, url) == one
    assert len(as_manager.get(url).context["list"].rows) > 30


def test_a_variant_s_page_asks_as_much_for_many_movements_as_for_one(as_manager, shop):
    shop.stock(shop.mug, 5)
    shop.order((shop.mug, 1))
    url = reverse("inventory:variant_detail", args=[shop.mug.pk])
    queries(as_manager, url)
    one = queries(as_manager, url)
    for _ in range(8):
        shop.stock(shop.mug, 2)
        shop.order((shop.mug, 1))
    assert queries(as_manager, url) == one


def test_stock_shows_what_is_promised_and_what_may_be_sold(as_manager, shop):
    shop.stock(shop.mug, 10)
    shop.order((shop.mug, 3))
    (row,) = as_manager.get("/stock/?view=all").context["list"].rows
    assert (row.on_hand, row.allocated, row.available, row.waiting) == (10, 3, 7, 0)


def test_a_variant_s_page_says_how_the_figure_to_sell_comes_about(as_manager, shop):
    shop.stock(shop.mug, 10)
    shop.order((shop.mug, 3))
    StockLevel.objects.update(safety=2)
    page = as_manager.get(reverse("inventory:variant_detail", args=[shop.mug.pk]))
    assert "10 sellable − 3 allocated − 2 safety stock = 5 to sell." in page.content.decode()
    assert "10 on hand, 3 allocated, 2 kept as safety stock" in page.content.decode()
    (waiting,) = page.context["waiting"]
    assert waiting.held == (("Berlin", 3),)


def test_the_breakdown_names_what_is_not_for_sale():
    level = StockLevel(sellable=2, safety=5, damaged=1, quality_control=4)
    assert breakdown(level) == (
        "2 sellable − 5 safety stock = 0 to sell (3 short of the safety stock);"
        " not for sale: 4 in quality control and 1 damaged."
    )


@pytest.mark.parametrize("query", ["q=MUG", "q=4006381333931"])
def test_enter_on_a_sku_or_barcode_jumps_to_its_page(as_manager, shop, query):
    answer = as_manager.get(f"/stock/?go=1&{query}")
    assert answer["Location"] == reverse("inventory:variant_detail", args=[shop.mug.pk])


@pytest.mark.parametrize(
    ("query", "skus"),
    [
        ("supply=low", ["MUG"]),
        ("q=is:out", ["LAMP"]),
        ("waiting=yes", ["LAMP"]),
        ("q=available>3", ["SHIRT-M"]),
        ("supply=available&supply=low&sort=-on_hand", ["SHIRT-M", "MUG"]),
        ("q=shirt", ["SHIRT-M"]),
    ],
)
def test_stock_is_filtered_by_its_supply(as_manager, shop, query, skus):
    shop.stock(shop.mug, 2)
    shop.stock(shop.shirt, 4)
    shop.stock(shop.lamp, 1)
    StockLevel.objects.filter(variant=shop.mug).update(safety=2)
    Variant.objects.filter(pk=shop.lamp.pk).update(can_backorder=True)
    shop.order((shop.lamp, 2))
    page = as_manager.get(f"/stock/?view=all&{query}").context["list"]
    assert ([row.variant.sku for row in page.rows], page.hints) == (skus, [])


# --- setting stock right ---------------------------------------------------------------------


def test_a_count_is_booked_once_however_often_it_is_sent(as_manager, shop):
    shop.stock(shop.mug, 5)
    form = adjustment(shop, note="shelf 3")
    first = as_manager.post("/stock/adjust/", form)
    second = as_manager.post("/stock/adjust/", form)
    assert first["Location"] == second["Location"]
    assert shop.level(shop.mug).sellable == 7
    newest = Movement.objects.latest("pk")
    assert (newest.quantity, newest.reason, newest.note, newest.actor_label) == (
        2,
        "count",
        "shelf 3",
        "Manager",
    )


@pytest.mark.parametrize(
    ("change", "figures"),
    [
        ({"mode": "add", "units": 3}, (8, 0)),
        ({"mode": "remove", "units": 5}, (0, 0)),
        ({"mode": "set", "units": 4, "condition": "damaged"}, (5, 4)),
    ],
)
def test_units_are_added_taken_away_or_counted(as_manager, shop, change, figures):
    shop.stock(shop.mug, 5)
    assert as_manager.post("/stock/adjust/", adjustment(shop, **change)).status_code == 302
    level = shop.level(shop.mug)
    assert (level.sellable, level.damaged) == figures


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("sku", "NOPE", "No variant has the SKU or barcode “NOPE”."),
        ("sku", "", "Say which SKU you counted."),
        ("units", "-3", "Units cannot be negative."),
        ("units", "2.5", "Give a whole number of units, such as 12."),
        ("units", "99999999999", "is too many"),
        ("units", "", "Say how many units."),
        ("reason", "", "Say why: every movement has a reason."),
        ("reason", "shipment", "Choose one of the list."),
        ("location", "999", "Choose one of the list."),
    ],
)
def test_bad_input_is_answered_with_a_sentence(as_manager, shop, field, value, sentence):
    answer = as_manager.post("/stock/adjust/", adjustment(shop, **{field: value}))
    assert answer.status_code == 422
    assert sentence in " ".join(answer.context["form"].errors[field])
    assert not Movement.objects.exists()


def test_more_than_fits_a_location_is_refused_on_the_field(as_manager, shop):
    shop.stock(shop.mug, 5)
    answer = as_manager.post("/stock/adjust/", adjustment(shop, mode="add", units="1000000"))
    assert (answer.status_code, shop.level(shop.mug).sellable) == (422, 5)
    assert "Give 999,995 or fewer." in answer.context["form"].errors["units"][0]


def test_units_of_one_lot_are_taken_away(as_manager, shop):
    milk = make_variant("MILK", "Milk", tracking=Tracking.LOT)
    old, new = (Lot.objects.create(variant=milk, code=code) for code in ("L-1", "L-2"))
    for lot in (old, new):
        bring_lot(shop, milk, lot)
    gone = adjustment(shop, sku="MILK", lot="l-2", mode="remove", units="3", reason="scrapped")
    assert as_manager.post("/stock/adjust/", gone).status_code == 302
    left = dict(LotBalance.objects.values_list("lot__code", "sellable"))
    assert left == {"L-1": 5, "L-2": 2}
    answer = as_manager.post("/stock/adjust/", adjustment(shop, sku="MILK", lot="L-9"))
    assert answer.status_code == 422
    assert "MILK has no lot “L-9”" in answer.context["form"].errors["lot"][0]
    page = as_manager.get(f"/stock/lots/{new.pk}/").content.decode()
    assert f"?sku=MILK&amp;location={shop.warehouse.pk}&amp;lot=L-2" in page


def bring_lot(shop, milk, lot):
    change = StockChange(
        milk.pk, shop.warehouse.pk, 5, MovementReason.RECEIPT, "Opening stock", lot_id=lot.pk
    )
    with transaction.atomic():
        move_stock([change], now=NOON)


def test_units_with_numbers_leave_by_their_number(as_manager, shop):
    drill = make_variant("DRILL", "Drill", tracking=Tracking.SERIAL)
    shop.stock(drill, 3)
    codes = ("A-1", "A-2")
    receive_serials(variant=drill, location=shop.warehouse, codes=codes, now=NOON)
    less = adjustment(shop, sku="DRILL", mode="remove", units="2", reason="lost")
    answer = as_manager.post("/stock/adjust/", less)
    assert (answer.status_code, shop.level(drill).sellable) == (422, 3)
    assert "2 units have serial numbers here." in answer.context["form"].errors["units"][0]
    assert as_manager.post("/stock/adjust/", {**less, "units": "1"}).status_code == 302


def test_what_carts_hold_is_not_to_sell(as_manager, shop):
    shop.stock(shop.mug, 5)
    until = NOON + timedelta(minutes=15)
    cart = {shop.mug.pk: 5}
    reserve(key="cart", channel=shop.web, quantities=cart, expires_at=until, now=NOON)
    (level,) = as_manager.get("/stock/?q=MU").context["list"].rows
    assert (level.available_units, level.available) == (0, 0)
    (product,) = as_manager.get("/products/?q=MU").context["list"].rows
    assert (product.on_hand, product.available) == (5, 0)
    (variant,) = variants_with_stock(make_user(Role.SALES), shop.mug.product)
    assert (variant.on_hand, variant.free) == (5, 0)


def test_as_many_kits_are_to_sell_as_the_scarcest_part_allows(client, packer, shop):
    kit = make_variant("SET", "Set", kind=VariantKind.KIT)
    wrapping = make_variant("WRAP", "Wrapping", kind=VariantKind.SERVICE)
    set_parts(kit, [PartWish(shop.mug, 2), PartWish(shop.lamp, 1), PartWish(wrapping, 1)])
    shop.stock(shop.mug, 7)
    shop.stock(shop.lamp, 4)
    shop.stock(shop.mug, 9, shop.store)  # where the packer does not work
    (product,) = client.get("/products/?q=Set").context["list"].rows
    assert product.available == 3
    (variant,) = client.get(f"/products/{kit.product_id}/").context["variants"]
    assert variant.free == 3


def test_more_than_is_there_cannot_be_taken_away(as_manager, shop):
    shop.stock(shop.mug, 5)
    answer = as_manager.post("/stock/adjust/", adjustment(shop, mode="remove", units=6))
    assert answer.context["form"].errors["units"] == [
        "Only 5 units are sellable here; 6 cannot be taken away."
    ]


def test_a_count_that_others_have_overtaken_is_shown_what_moved(as_manager, shop):
    shop.stock(shop.mug, 5)
    url = f"/stock/adjust/?sku=MUG&location={shop.warehouse.pk}"
    seen = as_manager.get(url).context["form"]["seen"].value()
    shop.stock(shop.mug, 2)
    answer = as_manager.post("/stock/adjust/", adjustment(shop, seen=seen))
    assert answer.status_code == 409
    assert answer.context["changes"] == ("System: +2 sellable (Goods received, test)",)
    assert shop.level(shop.mug).sellable == 7
    again = adjustment(shop, units=9, seen=answer.context["form"]["seen"].value())
    assert as_manager.post("/stock/adjust/", again).status_code == 302
    assert shop.level(shop.mug).sellable == 9


def test_counting_less_than_is_promised_frees_the_youngest_and_asks_for_attention(as_manager, shop):
    shop.stock(shop.mug, 5)
    older, younger = shop.order((shop.mug, 3)), shop.order((shop.mug, 2))
    assert as_manager.post("/stock/adjust/", adjustment(shop, units=3)).status_code == 302
    level = shop.level(shop.mug)
    assert (level.sellable, level.allocated) == (3, 3)
    older.refresh_from_db()
    younger.refresh_from_db()
    item = AttentionItem.objects.get(kind="allocation_lost")
    assert as_manager.get(item.url).status_code == 200


def test_safety_stock_and_bin_are_set_at_a_location(as_manager, shop):
    shop.stock(shop.mug, 5)
    level = shop.level(shop.mug)
    url = reverse("inventory:level_edit", args=[level.pk])
    as_manager.post(url, {"safety": "2", "bin": "A-01"})
    level.refresh_from_db()
    assert (level.safety, level.bin, level.available) == (2, "A-01", 3)
    assert StoredFact.objects.get(name="inventory.ThresholdChanged").changes == {
        "safety stock": [0, 2],
        "bin": ["", "A-01"],
    }
    assert as_manager.post(url, {"safety": "-1"}).status_code == 422


# --- who sees what ---------------------------------------------------------------------------


def test_warehouse_staff_see_the_stock_of_their_locations_only(client, packer, shop):
    shop.stock(shop.mug, 5)
    shop.stock(shop.mug, 9, shop.store)
    assert list(visible_locations(packer)) == [shop.warehouse]
    rows = client.get("/stock/?view=all").context["list"].rows
    assert [row.location for row in rows] == [shop.warehouse]
    moves = client.get("/stock/movements/?view=all").context["list"].rows
    assert [row.level.location for row in moves] == [shop.warehouse]
    page = client.get(reverse("inventory:variant_detail", args=[shop.mug.pk]))
    assert [place.location for place in page.context["places"]] == [shop.warehouse]
    assert "To sell, now and later" not in page.content.decode()
    assert "Munich" not in page.content.decode()


def test_everything_of_another_location_is_a_404(client, packer, shop):
    shop.stock(shop.mug, 9, shop.store)
    level = shop.level(shop.mug, shop.store)
    assert client.get(reverse("inventory:level_edit", args=[level.pk])).status_code == 404
    assert client.get(f"/stock/adjust/?location={shop.store.pk}").status_code == 404
    answer = client.post("/stock/adjust/", adjustment(shop, location=shop.store.pk))
    assert answer.status_code == 422
    assert shop.level(shop.mug, shop.store).sellable == 9


def test_exports_keep_to_the_locations_of_the_reader(client, packer, shop):
    shop.stock(shop.mug, 9, shop.store)
    shop.stock(shop.mug, 5)
    file = b"".join(client.get("/lists/inventory.stock/export?format=csv").streaming_content)
    assert file.decode().count("\r\n") == 2
    assert "Munich" not in file.decode()


def test_warehouse_staff_with_no_location_see_none(client, shop):
    user = make_user(Role.WAREHOUSE)
    assert not visible_locations(user).exists()
    assert visible_locations(make_user(Role.MANAGER)).count() == 2


def test_an_admin_says_where_a_member_of_the_warehouse_works(client, packer, shop):
    client.force_login(make_user(Role.ADMIN))
    page = client.get(reverse("user_detail", args=[packer.pk]))
    assert "Works at" in page.content.decode()
    client.post(
        reverse("inventory:location_access", args=[packer.pk]), {"locations": [shop.store.pk]}
    )
    assert list(visible_locations(packer)) == [shop.store]


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        (Role.SALES, "/stock/", 200),
        (Role.SALES, "/stock/adjust/", 403),
        (Role.WAREHOUSE, "/stock/adjust/", 200),
        (Role.WAREHOUSE, "/products/new/", 403),
        (Role.MANAGER, "/products/new/", 200),
        (Role.MANAGER, "/settings/locations/", 403),
        (Role.ADMIN, "/settings/locations/", 200),
        (Role.ADMIN, "/settings/channel-stock/", 200),
    ],
)
def test_pages_open_to_those_who_hold_the_right(client, shop, role, page, status):
    client.force_login(make_user(role))
    assert client.get(page).status_code == status


# --- the catalogue and places ----------------------------------------------------------------


def test_a_product_is_made_and_asks_for_its_first_sku(as_manager, shop):
    answer = as_manager.post(
        "/products/new/",
        {"name": "Kettle", "category": "Kitchen", "tax_class": "standard", "is_active": "on"},
    )
    product = Product.objects.get(name="Kettle")
    assert (product.category.name, answer["Location"]) == (
        "Kitchen",
        reverse("inventory:variant_new", args=[product.pk]),
    )
    values = {
        "sku": "KET-1",
        "weight_g": 900,
        "length_mm": 0,
        "width_mm": 0,
        "height_mm": 0,
        "is_active": "on",
    }
    as_manager.post(answer["Location"], values)
    variant = product.variants.get()
    assert (variant.sku, variant.weight_g) == ("KET-1", 900)
    refused = as_manager.post(answer["Location"], {**values, "sku": "ket-1"})
    assert refused.context["form"].errors["sku"] == ["“ket-1” belongs to another variant already."]


def test_two_people_who_edit_one_product_do_not_overwrite_each_other(as_manager, shop):
    product = shop.mug.product
    url = reverse("inventory:product_edit", args=[product.pk])
    version = as_manager.get(url).context["version"]
    values = {"name": "Cup", "tax_class": "standard", "is_active": "on", "version": version}
    assert as_manager.post(url, values).status_code == 302
    late = as_manager.post(url, {**values, "name": "Beaker"})
    assert (late.status_code, late.context["changes"]) == (409, ("Manager: name: Mug → Cup",))
    product.refresh_from_db()
    assert product.name == "Cup"


def test_moving_stock_does_not_make_a_variant_s_form_stale(as_manager, shop):
    url = reverse("inventory:variant_edit", args=[shop.mug.pk])
    version = as_manager.get(url).context["version"]
    shop.stock(shop.mug, 5)
    values = {"sku": "MUG", "weight_g": 300, "length_mm": 0, "width_mm": 0, "height_mm": 0}
    answer = as_manager.post(url, {**values, "is_active": "on", "version": version})
    assert (answer.status_code, Variant.objects.get(sku="MUG").weight_g) == (302, 300)


@pytest.mark.parametrize("page", ["product_detail", "product_edit"])
def test_a_product_s_pages_open(as_manager, shop, page):
    shop.stock(shop.mug, 5)
    answer = as_manager.get(reverse(f"inventory:{page}", args=[shop.mug.product_id]))
    assert answer.status_code == 200


def test_the_locations_of_a_channel_are_put_in_order(client, shop):
    client.force_login(make_user(Role.ADMIN))
    url = reverse("inventory:channel_places_edit", args=[shop.web.pk])
    ranks = {f"place_{shop.store.pk}": "1", f"place_{shop.warehouse.pk}": "2"}
    client.post(url, ranks)
    links = ChannelLocation.objects.filter(channel=shop.web).order_by("priority")
    assert [link.location for link in links] == [shop.store, shop.warehouse]
    client.post(url, {f"place_{shop.store.pk}": "1"})
    assert [link.location for link in links.all()] == [shop.store]
    fact = StoredFact.objects.filter(name="inventory.ChannelPlacesChanged").latest("pk")
    assert fact.changes == {"locations": ["Munich store, Berlin", "Munich store"]}


def test_a_location_is_added_in_the_settings(client, shop):
    client.force_login(make_user(Role.ADMIN))
    values = {
        "code": "ham",
        "name": "Hamburg",
        "kind": "warehouse",
        "country": "de",
        "currency": "EUR",
        "working_days": ["0", "1", "2", "3", "4"],
        "time_zone": "Europe/Berlin",
        "cut_off": "15:30",
        "is_active": "on",
    }
    answer = client.post(reverse("inventory:location_new"), values)
    assert answer.status_code == 302
    assert client.get(reverse("inventory:location_list")).status_code == 200


def test_what_still_has_units_is_no_longer_sold_only_where_somebody_says_so(shop, as_manager):
    shop.stock(shop.mug, 3)
    address = reverse("inventory:variant_edit", args=[shop.mug.pk])
    values = as_manager.get(address).context["form"].initial
    sent = {name: value for name, value in values.items() if value is not None}
    sent.pop("can_backorder", None)
    sent |= {"version": version_of(shop.mug)}
    sent.pop("is_active", None)
    response = as_manager.post(address, sent)
    assert response.status_code == 422
    assert response.context["form"].errors["is_active"] == [
        "MUG still has 3 units in stock, and open orders want 0. Sell or book them out first, or"
        " tick “Stop selling all the same”."
    ]
    assert 'type="checkbox" name="despite"' in response.content.decode()
    shop.mug.refresh_from_db()
    assert shop.mug.is_active
    as_manager.post(address, {**sent, "despite": "on"})
    shop.mug.refresh_from_db()
    assert not shop.mug.is_active


def test_a_product_of_which_units_are_left_asks_as_well(shop, as_manager):
    shop.stock(shop.mug, 3)
    product = shop.mug.product
    address = reverse("inventory:product_edit", args=[product.pk])
    sent = {"name": product.name, "tax_class": "standard", "version": version_of(product)}
    assert as_manager.post(address, sent).status_code == 422
    as_manager.post(address, {**sent, "despite": "on"})
    product.refresh_from_db()
    assert not product.is_active


def test_a_variant_taxed_otherwise_than_its_product_says_so(shop, as_manager):
    assert shop.mug.taxed_as == "standard"
    Variant.objects.filter(pk=shop.mug.pk).update(tax_class="reduced")
    page = as_manager.get(reverse("inventory:variant_detail", args=[shop.mug.pk]))
    assert "reduced" in page.content.decode()
    assert page.context["variant"].taxed_as == "reduced"


def test_movements_run_by_their_time(shop, as_manager):
    for day, note in ((3, "third"), (1, "first"), (2, "second")):
        move_stock(
            [StockChange(shop.mug.pk, shop.warehouse.pk, 1, MovementReason.FOUND, note)],
            now=NOON + timedelta(days=day),
        )
    page = as_manager.get(reverse("inventory:movement_list") + "?view=all")
    assert [row.reference for row in page.context["list"].slice.rows][:3] == [
        "third",
        "second",
        "first",
    ]
