"""Transfers, counts and assembly orders in every state that looks different; bins and a closed day."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from inventory.models import AssemblyOrder, CountSession, Location, Part, StockLevel, Transfer
from inventory.selectors.counting import CountChoice
from inventory.services.assembling import finish_assembly, plan_assembly, start_assembly
from inventory.services.cycle_counting import open_count, record_count, submit_count
from inventory.services.premises import NewBin, add_bins, close_on, expand
from inventory.services.transfer_receiving import receive_transfer
from inventory.services.transferring import WantedUnits, create_transfer, ship_transfer
from inventory.states import CountMethod
from tests.cast import Shop, make_variant

WITHOUT_ARGUMENTS = (
    "inventory:stock_grid",
    "inventory:transfer_list",
    "inventory:transfer_create",
    "inventory:count_list",
    "inventory:count_create",
    "inventory:assembly_list",
    "inventory:assembly_create",
)


def move(shop: Shop) -> None:
    """Goods under way, a count half done and one to approve, hampers planned, begun and made."""
    now = timezone.now()
    place = shop.warehouse
    add_bins(location=place, bins=[NewBin(code) for code in expand("A-{01..03}-{1..2}")])
    close_on(location=place, day=timezone.localdate() + timedelta(days=30), label="Stocktaking")
    tea, cup = make_variant("GREEN-TEA", "Green tea"), make_variant("CUP", "Tea cup")
    hamper = make_variant("TEA-SET", "Tea for two")
    Part.objects.create(whole=hamper, part=tea, quantity=1)
    Part.objects.create(whole=hamper, part=cup, quantity=2)
    shop.stock(tea, 40)
    shop.stock(cup, 12)
    StockLevel.objects.filter(variant=tea, location=place).update(bin="A-01-1")
    StockLevel.objects.filter(variant=cup, location=place).update(bin="A-01-2")
    for steps in range(3):
        transfer = create_transfer(
            source=place,
            target=shop.store,
            wanted=[WantedUnits(tea.pk, 4)],
            expected_on=timezone.localdate() + timedelta(days=2),
            now=now,
        )
        if steps:
            ship_transfer(transfer_id=transfer.pk, now=now)
        if steps == 2:
            received = {transfer.lines.get().pk: 3}
            receive_transfer(transfer_id=transfer.pk, received=received, now=now)
    for variant, counted in ((tea, None), (cup, 2)):
        choice = CountChoice(CountMethod.SKUS, variant_ids=[variant.pk])
        session = open_count(location=place, choice=choice, now=now)
        if counted is not None:
            line = session.lines.get()
            record_count(session_id=session.pk, line_id=line.pk, counted=counted, now=now)
            submit_count(session_id=session.pk, now=now)
    for steps, quantity in enumerate((50, 1, 1)):
        order = plan_assembly(variant=hamper, location=place, quantity=quantity, now=now)
        if steps:
            start_assembly(order_id=order.pk, now=now)
        if steps == 2:
            finish_assembly(order_id=order.pk, now=now)


def pages(page) -> Iterator[tuple[str, str]]:
    """The pages of what `move` made, by the names of their addresses."""
    draft = Transfer.objects.get(state="draft")
    for transfer in Transfer.objects.exclude(state="cancelled").order_by("pk")[:6]:
        yield page("inventory:transfer_detail", transfer.pk)
    for name in ("transfer_edit", "transfer_ship"):
        yield page(f"inventory:{name}", draft.pk)
    yield page(
        "inventory:transfer_receive", Transfer.objects.filter(state="shipped").latest("pk").pk
    )
    for session in CountSession.objects.all():
        yield page("inventory:count_detail", session.pk)
    yield page("inventory:count_page", CountSession.objects.get(state="open").pk)
    for order in AssemblyOrder.objects.all():
        yield page("inventory:assembly_detail", order.pk)
    place = Location.objects.get(code="ber")
    yield page("inventory:location_calendar", place.pk)
    yield page("inventory:location_bins", place.pk)
