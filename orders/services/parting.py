"""Open units that go from one order to another: their worth, stock and rows, so that both sums stay."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Max, Sum

from core.bulk import insert_all, update_all
from core.money import ZERO, quantise, split
from inventory.services import part_demands
from orders.models import Adjustment, FulfilmentLine, Order, OrderKit, OrderLine
from orders.services.counting import refresh_allocated, refresh_work
from orders.services.holding import call_back
from orders.services.money import credit
from orders.states import FulfilmentState

WORKED_ON = (FulfilmentState.PICKING, FulfilmentState.PACKED)


@dataclass(frozen=True, slots=True)
class Moved:
    """What went over: units, and what they are worth to the customer."""

    units: int
    amount: Decimal


def units_in_work(order: Order) -> dict[tuple[int, int], int]:
    """Units that a location has begun to pick, by (order line, location). One query."""
    rows = (
        FulfilmentLine.objects.filter(fulfilment__order=order, fulfilment__state__in=WORKED_ON)
        .values("order_line_id", "fulfilment__location_id")
        .annotate(units=Sum(F("quantity") - F("shipped") - F("short")))
    )
    return {
        (row["order_line_id"], row["fulfilment__location_id"]): row["units"]
        for row in rows
        if row["units"]
    }


def share_of(line: OrderLine, units: int, currency: str) -> dict[str, Decimal]:
    """What `units` more open units of a line carry of its amounts, as a line of their own.

    Each amount is shared by the running sum of units taken, so that all shares of a line and what
    stays add up to what the line came to, to the cent; the last unit takes whatever is left.
    """
    total = line.credit_for(units, currency)
    taken = line.cancelled + line.returned

    def part(whole: Decimal) -> Decimal:
        upto = quantise(whole * (taken + units) / line.quantity, currency)
        return upto - quantise(whole * taken / line.quantity, currency)

    discount, tax = part(line.discount), part(line.tax)
    on_top = ZERO if line.tax_included else tax
    return {
        "total": total,
        "discount": discount,
        "tax": tax,
        "amount": total + discount - on_top,
    }


def move_units(source: Order, target: Order, taken: Mapping[int, int], *, now: datetime) -> Moved:
    """Move open units of a locked order, by line id, to another locked (or new) one; saves neither.

    The source keeps its lines: what went is off them as if cancelled, its worth with it. The target
    gets lines of its own with that worth, and the stock set aside. Instructions that nobody began
    are called back on both sides; settling both hands over what may leave.
    """
    call_back(source)
    call_back(target)
    lines = [line for line in source.lines.select_related("kit") if line.pk in taken]
    made = _new_lines(source, target, lines, taken)
    demands = _part_stock(source, target, lines, taken, now=now)
    amount = ZERO
    for line, new in zip(lines, made, strict=True):
        new.demand_id = demands.get(line.demand_id or 0)
        line.cancelled += taken[line.pk]
        line.credited += new.total
        amount += new.total
    update_all(lines, ["cancelled", "credited"])
    units = sum(taken.values())
    source.units_cancelled += units
    credit(source, amount)
    insert_all(made)
    _explain(lines, made, source.currency)
    _add_to(target, made)
    for order in (source, target):
        refresh_allocated(order)
        refresh_work(order)
    return Moved(units, amount)


def _new_lines(
    source: Order, target: Order, lines: Sequence[OrderLine], taken: Mapping[int, int]
) -> list[OrderLine]:
    last = target.lines.aggregate(last=Max("position"))["last"] or 0
    made = [
        OrderLine(
            order=target,
            position=position,
            variant_id=line.variant_id,
            origin=line,
            sku=line.sku,
            name=line.name,
            barcode=line.barcode,
            weight_g=line.weight_g,
            is_physical=line.is_physical,
            quantity=taken[line.pk],
            unit_price=line.unit_price,
            list_price=line.list_price,
            price_source=line.price_source,
            price_reason=line.price_reason,
            tax_rate=line.tax_rate,
            tax_included=line.tax_included,
            **share_of(line, taken[line.pk], source.currency),
        )
        for position, line in enumerate(lines, start=last + 1)
    ]
    _keep_kits(source, target, lines, made)
    return made


def _keep_kits(
    source: Order, target: Order, lines: Sequence[OrderLine], made: Sequence[OrderLine]
) -> None:
    """Whole kits stay kits; components that go without the rest of their kit go loose."""
    kits: dict[int, list[tuple[OrderLine, OrderLine]]] = defaultdict(list)
    for line, new in zip(lines, made, strict=True):
        if line.kit_id:
            kits[line.kit_id].append((line, new))
    sizes: dict[int, int] = defaultdict(int)
    for kit_id in source.lines.filter(kit_id__in=list(kits)).values_list("kit_id", flat=True):
        sizes[kit_id] += 1
    for kit_id, pairs in kits.items():
        kit = pairs[0][0].kit
        if kit is None or len(pairs) != sizes[kit_id]:
            continue
        wholes = {new.quantity * kit.quantity / line.quantity for line, new in pairs}
        if len(wholes) != 1 or not (whole := wholes.pop()).is_integer():
            continue
        row = OrderKit(
            order=target,
            variant_id=kit.variant_id,
            sku=kit.sku,
            name=kit.name,
            quantity=int(whole),
            unit_price=kit.unit_price,
            amount=sum((new.amount for _, new in pairs), ZERO),
            discount=sum((new.discount for _, new in pairs), ZERO),
            total=sum((new.total for _, new in pairs), ZERO),
        )
        row.save()
        for _, new in pairs:
            new.kit = row


def _explain(lines: Sequence[OrderLine], made: Sequence[OrderLine], currency: str) -> None:
    """Why the new lines cost less: the reasons of those they come from, shared as they stand there."""
    reasons: dict[int, list[Adjustment]] = defaultdict(list)
    for one in Adjustment.objects.filter(line__in=[line.pk for line in lines]).order_by("pk"):
        reasons[one.line_id or 0].append(one)
    Adjustment.objects.bulk_create(
        Adjustment(
            line=new,
            kind=one.kind,
            promotion_id=one.promotion_id,
            label=one.label,
            code=one.code,
            amount=amount,
        )
        for line, new in zip(lines, made, strict=True)
        for one, amount in zip(
            reasons[line.pk],
            split(new.discount, [reason.amount for reason in reasons[line.pk]], currency),
            strict=True,
        )
        if amount
    )


def _part_stock(
    source: Order,
    target: Order,
    lines: Sequence[OrderLine],
    taken: Mapping[int, int],
    *,
    now: datetime,
) -> dict[int, int]:
    """The demands of the lines that go, by those they come from."""
    demand_of = {line.pk: line.demand_id for line in lines if line.demand_id}
    kept = {
        (demand_of[line_id], place): units
        for (line_id, place), units in units_in_work(source).items()
        if line_id in demand_of
    }
    if not demand_of:
        return {}
    return part_demands(
        {demand_id: taken[line_id] for line_id, demand_id in demand_of.items()},
        kept=kept,
        reference=target.number,
        now=now,
    )


def _add_to(target: Order, made: Sequence[OrderLine]) -> None:
    """Count new lines into an order's units and amounts."""
    target.units += sum(line.quantity for line in made)
    target.subtotal += sum((line.amount for line in made), ZERO)
    target.discount_total += sum((line.discount for line in made), ZERO)
    tax = sum((line.tax for line in made), ZERO)
    target.tax_total += tax
    target.tax_on_top += ZERO if target.prices_include_tax else tax
    target.total += sum((line.total for line in made), ZERO)
    if made and not target.first_sku:
        target.first_sku = made[0].sku
