"""Pages of transfers, counts, assembly, the grid, bins and calendars, as people use them."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.rights import Role
from inventory.models import (
    AssemblyOrder,
    Bin,
    Closure,
    CountSession,
    Location,
    LocationAccess,
    Part,
    StockLevel,
    Transfer,
)
from inventory.selectors.counting import CountChoice
from inventory.services.assembling import plan_assembly
from inventory.services.cycle_counting import open_count, record_count, submit_count
from inventory.services.transferring import WantedUnits, create_transfer, ship_transfer
from inventory.states import CountMethod
from tests.cast import NOON, make_user, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_admin(client):
    client.force_login(make_user(Role.ADMIN))
    return client


def send(client, name, *args, **values):
    address = reverse(f"inventory:{name}", args=args)
    return client.post(address, {"_once": str(uuid.uuid4()), **values}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def planned(shop, units=5):
    return create_transfer(
        source=shop.warehouse,
        target=shop.store,
        wanted=[WantedUnits(shop.mug.pk, units)],
        now=NOON,
    )


def shipped(shop, units=5):
    shop.stock(shop.mug, units)
    return ship_transfer(transfer_id=planned(shop, units).pk, now=NOON)


def counted(shop):
    shop.stock(shop.mug, 100)
    session = open_count(location=shop.warehouse, choice=CountChoice(CountMethod.ALL), now=NOON)
    line = session.lines.get()
    record_count(session_id=session.pk, line_id=line.pk, counted=80, now=NOON)
    return session


# --- lists: the same queries however many rows ------------------------------------------------


def make_transfers(shop, count):
    shop.stock(shop.mug, 5)
    for _ in range(count):
        planned(shop)


def make_counts(shop, count):
    for place in range(count):
        variant = make_variant(f"C{count}-{place}", f"Thing {place}")
        shop.stock(variant, 1)
        choice = CountChoice(CountMethod.SKUS, variant_ids=[variant.pk])
        open_count(location=shop.warehouse, choice=choice, now=NOON)


def make_orders(shop, count):
    Part.objects.get_or_create(whole=shop.lamp, part=shop.mug, quantity=1)
    for _ in range(count):
        plan_assembly(variant=shop.lamp, location=shop.warehouse, quantity=1, now=NOON)


def make_cells(shop, count):
    for place in range(count):
        variant = make_variant(f"G{count}-{place}", f"Thing {place}")
        shop.stock(variant, 1)
        shop.stock(variant, 2, shop.store)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("transfer_list", make_transfers),
        ("count_list", make_counts),
        ("assembly_list", make_orders),
        ("stock_grid", make_cells),
    ],
)
def test_lists_cost_the_same_with_one_row_and_with_thirty(shop, as_manager, name, make):
    address = reverse(f"inventory:{name}")
    make(shop, 1)
    as_manager.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert as_manager.get(address).status_code == 200
    make(shop, 29)
    with CaptureQueriesContext(connection) as thirty:
        assert as_manager.get(address).status_code == 200
    assert len(thirty) == len(one)


def make_lines(shop, count):
    variants = [make_variant(f"L{count}-{place}", f"Thing {place}") for place in range(count)]
    for variant in variants:
        shop.stock(variant, 1)
    wanted = [WantedUnits(variant.pk, 1) for variant in variants]
    return create_transfer(source=shop.warehouse, target=shop.store, wanted=wanted, now=NOON)


@pytest.mark.parametrize("name", ["transfer_detail", "transfer_ship"])
def test_a_transfers_pages_cost_the_same_with_one_line_and_with_thirty(shop, as_manager, name):
    few = make_lines(shop, 1)
    many = make_lines(shop, 30)
    counts = []
    as_manager.get(reverse(f"inventory:{name}", args=[few.pk]))
    for transfer in (few, many):
        with CaptureQueriesContext(connection) as queries:
            as_manager.get(reverse(f"inventory:{name}", args=[transfer.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- transfers --------------------------------------------------------------------------------


def test_pasted_lines_become_a_transfer(shop, as_manager):
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 4)
    response = send(
        as_manager,
        "transfer_create",
        source=shop.warehouse.pk,
        target=shop.store.pk,
        lines=f"SKU\tQuantity\nmug\t3\n{shop.shirt.barcode};2\nLAMP 4",
    )
    transfer = Transfer.objects.get()
    assert response.redirect_chain[-1][0] == reverse(
        "inventory:transfer_detail", args=[transfer.pk]
    )
    assert list(transfer.lines.values_list("variant__sku", "quantity")) == [
        ("MUG", 3),
        ("SHIRT-M", 2),
        ("LAMP", 4),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("NOPE 3", "Line 1: no variant has the SKU or barcode “NOPE”."),
        ("MUG -3", "Line 1: “-3” is no number of units of MUG"),
        ("MUG 1.5", "Line 1: “1.5” is no number of units of MUG"),
        ("MUG NaN", "Line 1: “NaN” is no number of units of MUG"),
        ("MUG 99999999", "Line 1: “99999999” is no number of units of MUG"),
        ("MUG", "Line 1: “” is no number of units of MUG"),
        ("MUG;2;L-9", "Line 1: MUG has no lot “L-9”."),
        ("", "Say what is to be sent: a SKU and a number a line."),
    ],
)
def test_bad_lines_are_refused_by_their_number_and_nothing_is_planned(
    shop, as_manager, line, words
):
    response = send(
        as_manager,
        "transfer_create",
        source=shop.warehouse.pk,
        target=shop.store.pk,
        lines=line,
    )
    assert response.status_code == 422
    assert any(words in error for error in response.context["form"].errors["lines"])
    assert not Transfer.objects.exists()


def test_a_transfer_is_sent_scanned_and_booked_in(shop, as_manager):
    shop.stock(shop.mug, 2)
    transfer = planned(shop, 2)
    line = transfer.lines.get()
    response = send(as_manager, "transfer_ship", transfer.pk, **{f"line_{line.pk}": "2"})
    assert said(response) == [f"{transfer.number} is on the way."]
    assert said(send(as_manager, "transfer_scan", transfer.pk, code="MUG")) == ["MUG: 1 of 2"]
    assert said(send(as_manager, "transfer_damaged", transfer.pk, line=line.pk, units=1)) == [
        "1 booked in as damaged."
    ]
    response = send(as_manager, "transfer_book", transfer.pk)
    level = shop.level(shop.mug, shop.store)
    assert (level.sellable, level.damaged, Transfer.objects.get().state) == (1, 1, "received")
    assert (
        as_manager.get(reverse("inventory:transfer_detail", args=[transfer.pk])).status_code == 200
    )


def test_booking_in_twice_books_once(shop, as_manager):
    transfer = shipped(shop, 2)
    send(as_manager, "transfer_units", transfer.pk, line=transfer.lines.get().pk, units=1)
    token = str(uuid.uuid4())
    address = reverse("inventory:transfer_book", args=[transfer.pk])
    for _ in range(2):
        as_manager.post(address, {"_once": token})
    assert shop.level(shop.mug, shop.store).sellable == 1


def test_missing_units_are_given_up_with_a_reason(shop, as_manager):
    transfer = shipped(shop, 2)
    line = transfer.lines.get()
    send(as_manager, "transfer_lose", transfer.pk, line=line.pk, units=2, why="lost")
    line.refresh_from_db()
    assert (line.lost, line.loss_reason, Transfer.objects.get().state) == (2, "lost", "received")


def test_each_end_is_for_those_who_work_there(shop, client):
    picker = make_user(Role.WAREHOUSE)
    LocationAccess.objects.create(user=picker, location=shop.store)
    client.force_login(picker)
    shop.stock(shop.mug, 5)
    transfer = planned(shop)
    assert client.get(reverse("inventory:transfer_detail", args=[transfer.pk])).status_code == 200
    assert client.get(reverse("inventory:transfer_ship", args=[transfer.pk])).status_code == 404
    elsewhere = Location.objects.create(code="ham", name="Hamburg", country="DE")
    other = create_transfer(
        source=shop.warehouse,
        target=elsewhere,
        wanted=[WantedUnits(shop.mug.pk, 1)],
        now=NOON,
    )
    assert client.get(reverse("inventory:transfer_detail", args=[other.pk])).status_code == 404


# --- counts -----------------------------------------------------------------------------------


def test_a_blind_count_shows_no_figure_until_it_is_handed_in(shop, as_manager):
    session = counted(shop)
    detail = reverse("inventory:count_detail", args=[session.pk])
    pages = [
        as_manager.get(address).content.decode()
        for address in (detail, reverse("inventory:count_page", args=[session.pk]))
    ]
    assert ["hould be" in page for page in pages] == [False, False]
    submit_count(session_id=session.pk, now=NOON)
    assert "Should be" in as_manager.get(detail).content.decode()


def test_a_count_goes_from_choice_to_booking(shop, as_manager):
    shop.stock(shop.mug, 10)
    StockLevel.objects.update(bin="A-01")
    send(
        as_manager,
        "count_create",
        location=shop.warehouse.pk,
        method="bin",
        bins="A-*",
        condition="sellable",
        is_blind="on",
        tolerance_units=2,
        tolerance_percent=5,
    )
    session = CountSession.objects.get()
    assert said(send(as_manager, "count_scan", session.pk, code="MUG")) == ["MUG: 1 counted"]
    line = session.lines.get()
    assert said(send(as_manager, "count_record", session.pk, line=line.pk, counted=4)) == [
        "MUG: 4 counted"
    ]
    assert said(send(as_manager, "count_submit", session.pk)) == [
        "Handed in; somebody has to approve."
    ]
    send(as_manager, "count_again", session.pk, line=line.pk)
    send(as_manager, "count_record", session.pk, line=line.pk, counted=5)
    send(as_manager, "count_submit", session.pk)
    assert said(send(as_manager, "count_approve", session.pk)) == ["The differences are booked."]
    assert shop.level(shop.mug).sellable == 5


@pytest.mark.parametrize("units", ["-1", "1.5", "NaN", "99999999999", ""])
def test_impossible_counts_are_refused(shop, as_manager, units):
    session = counted(shop)
    line = session.lines.get()
    response = send(as_manager, "count_record", session.pk, line=line.pk, counted=units)
    line.refresh_from_db()
    assert (line.counted, said(response)[0].startswith("Counted: ")) == (80, True)


def test_whoever_counts_does_not_approve(shop, client):
    session = counted(shop)
    submit_count(session_id=session.pk, now=NOON)
    picker = make_user(Role.WAREHOUSE)
    LocationAccess.objects.create(user=picker, location=shop.warehouse)
    client.force_login(picker)
    assert send(client, "count_approve", session.pk).status_code == 403
    assert CountSession.objects.get().state == "submitted"


def test_a_count_of_nothing_is_refused(shop, as_manager):
    response = send(
        as_manager,
        "count_create",
        location=shop.warehouse.pk,
        method="bin",
        bins="",
        condition="sellable",
        tolerance_units=2,
        tolerance_percent=5,
    )
    assert response.status_code == 422
    assert "bins" in response.context["form"].errors


# --- assembly ---------------------------------------------------------------------------------


def test_assembly_shows_what_is_short_and_is_made_when_it_is_there(shop, as_manager):
    Part.objects.create(whole=shop.lamp, part=shop.mug, quantity=2)
    shop.stock(shop.mug, 1)
    send(as_manager, "assembly_create", variant="lamp", location=shop.warehouse.pk, quantity=1)
    order = AssemblyOrder.objects.get()
    page = as_manager.get(reverse("inventory:assembly_detail", args=[order.pk])).content.decode()
    assert "It cannot start yet: 1 × MUG is missing at Berlin." in page
    assert "Too few units are free" in said(send(as_manager, "assembly_start", order.pk))[0]
    shop.stock(shop.mug, 1)
    send(as_manager, "assembly_start", order.pk)
    send(as_manager, "assembly_finish", order.pk, made=1)
    assert (shop.level(shop.lamp).sellable, shop.level(shop.mug).sellable) == (1, 0)


def test_a_sku_without_parts_cannot_be_assembled(shop, as_manager):
    response = send(
        as_manager, "assembly_create", variant="MUG", location=shop.warehouse.pk, quantity=1
    )
    assert response.context["form"].errors["variant"] == [
        "MUG has no parts list; say on its page what it is made of."
    ]


# --- the grid ---------------------------------------------------------------------------------


def test_the_grid_shows_each_location_and_what_comes(shop, as_manager):
    shop.stock(shop.lamp, 7, shop.store)
    shipped(shop, 5)
    rows = as_manager.get(reverse("inventory:stock_grid")).context["list"].rows
    cells = {row.sku: row.cells for row in rows}
    store = f"place-{shop.store.pk}"
    assert (cells["LAMP"][store].available, cells["MUG"][store].incoming) == (7, 5)
    chosen = as_manager.get(reverse("inventory:stock_grid"), {"location": shop.store.pk})
    assert [column.label for column in chosen.context["list"].columns][2:3] == ["Munich store"]
    assert "Berlin" not in [column.label for column in chosen.context["list"].columns]


# --- places -----------------------------------------------------------------------------------


def test_bins_are_added_by_pattern_and_paste_and_taken_away_when_empty(shop, as_admin):
    address = reverse("inventory:location_bins", args=[shop.warehouse.pk])
    as_admin.post(address, {"bins": "A-{01..03}-{1..2}\nCOLD\tCold room\t\t"})
    assert list(Bin.objects.values_list("code", "zone", "aisle", "shelf")) == [
        *[(f"A-0{a}-{s}", "A", f"0{a}", str(s)) for a in (1, 2, 3) for s in (1, 2)],
        ("COLD", "Cold room", "", ""),
    ]
    shop.stock(shop.mug, 1)
    StockLevel.objects.update(bin="COLD")
    cold = Bin.objects.get(code="COLD")
    response = as_admin.post(address, {"remove": "yes", "bin": cold.pk}, follow=True)
    assert said(response)[-1] == "MUG lies in COLD; give it another bin first."
    assert as_admin.post(address, {"bins": "A-{9..1}"}).status_code == 422


def test_a_level_lies_in_a_bin_that_its_location_has(shop, as_manager):
    shop.stock(shop.mug, 1)
    level = shop.level(shop.mug)
    Bin.objects.create(location=shop.warehouse, code="A-01")
    address = reverse("inventory:level_edit", args=[level.pk])
    response = as_manager.post(address, {"safety": 0, "bin": "Z-99"})
    assert (response.status_code, "bin" in response.context["form"].errors) == (422, True)
    as_manager.post(address, {"safety": 0, "bin": "a-01"})
    level.refresh_from_db()
    assert level.bin == "A-01"


def test_days_are_closed_and_opened_again(shop, as_admin):
    address = reverse("inventory:location_calendar", args=[shop.warehouse.pk])
    day = timezone.localdate() + timedelta(days=10)
    as_admin.post(address, {"day": day.isoformat(), "name": "Stocktaking"})
    closure = Closure.objects.get()
    assert (closure.location, closure.day) == (shop.warehouse, day)
    assert as_admin.post(address, {"day": "2020-01-01", "name": "Past"}).status_code == 422
    as_admin.post(address, {"reopen": closure.pk})
    assert not Closure.objects.exists()


def test_a_location_keeps_its_coordinates_days_and_currency(shop, as_admin):
    values = {
        "code": "zrh",
        "name": "Zürich",
        "kind": "warehouse",
        "country": "ch",
        "latitude": "47.37",
        "longitude": "8.54",
        "currency": "chf",
        "time_zone": "Europe/Zurich",
        "cut_off": "15:00",
        "working_days": ["0", "5"],
        "is_active": "on",
        "version": "0",
    }
    as_admin.post(reverse("inventory:location_new"), values)
    place = Location.objects.get(code="zrh")
    assert (place.currency, place.working_days, str(place.latitude)) == ("CHF", [0, 5], "47.37000")
    response = as_admin.post(
        reverse("inventory:location_new"), {**values, "code": "x", "longitude": ""}
    )
    assert response.context["form"].errors["longitude"] == ["Give both coordinates, or neither."]
