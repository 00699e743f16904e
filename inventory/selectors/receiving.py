"""What a delivery comes to: counted beside expected, and who got units of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from inventory.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptFill,
    ReceiptLine,
    ShipNotice,
    ShipNoticeLine,
)
from inventory.selectors.codes import read_code
from inventory.selectors.stock import references_of
from inventory.states import Condition


@dataclass
class LineCount:
    """One line of the order as this delivery leaves it: `expected` of the ship notice, or else all
    that is still to come.
    """

    line: PurchaseOrderLine
    expected: int
    over_percent: int
    short_percent: int
    rows: list[ReceiptLine] = field(default_factory=list)

    @property
    def counted(self) -> int:
        return sum(row.quantity for row in self.rows)

    @property
    def damaged(self) -> int:
        return sum(row.quantity for row in self.rows if row.condition == Condition.DAMAGED)

    @property
    def over(self) -> int:
        """Units beyond all that was ordered."""
        return max(0, self.counted - self.line.open)

    @property
    def short(self) -> int:
        return max(0, self.expected - self.counted)

    @property
    def missing(self) -> int:
        """Units that are still to come after this delivery."""
        return max(0, self.line.open - self.counted)

    @property
    def tolerated_over(self) -> int:
        return max(0, self.line.quantity * self.over_percent // 100 - self.line.over)

    @property
    def tolerated_short(self) -> int:
        return self.line.quantity * self.short_percent // 100

    @property
    def is_too_much(self) -> bool:
        return self.over > self.tolerated_over

    @property
    def is_matched(self) -> bool:
        return self.counted == self.expected


def counts_of(receipt: Receipt) -> list[LineCount]:
    """Each line that was expected or counted. Three queries at most. Reads the receipt's order and
    supplier: select them along.
    """
    announced: dict[int, int] = {}
    if receipt.notice_id:
        told = ShipNoticeLine.objects.filter(notice=receipt.notice_id).order_by()
        announced = dict(
            told.values("line").annotate(units=Sum("quantity")).values_list("line", "units")
        )
    supplier = receipt.order.supplier
    found: dict[int, LineCount] = {}
    for line in receipt.order.lines.select_related("variant__product"):
        expected = announced.get(line.pk, 0) if receipt.notice_id else line.open
        found[line.pk] = LineCount(
            line, expected, supplier.over_tolerance, supplier.short_tolerance
        )
    for row in receipt.lines.order_by("pk"):
        row.line = found[row.line_id].line
        found[row.line_id].rows.append(row)
    return [one for one in found.values() if one.expected or one.rows]


def coming_named(orders: QuerySet[PurchaseOrder], code: str) -> list[PurchaseOrder]:
    """Of these orders, those that a scanned code speaks of: their number, the supplier's, the
    delivery note or tracking number of a delivery, or an item that is still to come.
    """
    if not code:
        return []
    told = ShipNotice.objects.filter(order=OuterRef("pk"), arrived_at=None).filter(
        Q(reference__iexact=code) | Q(tracking_number__iexact=code)
    )
    named = Q(number__iexact=code) | Q(supplier_reference__iexact=code) | Q(Exists(told))
    found = list(orders.filter(named).order_by("pk")[:10])
    read = None if found else read_code(code)
    if read is None:
        return found
    lines = PurchaseOrderLine.objects.filter(
        order=OuterRef("pk"),
        variant=read.variant,
        quantity__gt=F("received") + F("cancelled") - F("over"),
    )
    return list(orders.filter(Exists(lines)).order_by("expected_on", "pk")[:10])


@dataclass(frozen=True)
class Filled:
    """Units of a delivery that went to somebody who waited; `url` leads to what wished them."""

    sku: str
    quantity: int
    label: str
    url: str


def fills_of(receipts: Sequence[Receipt]) -> dict[int, list[Filled]]:
    """Who got units at once, by receipt id, in the order in which they were served. Two queries."""
    rows = list(
        ReceiptFill.objects.filter(receipt__in=receipts)
        .select_related("demand__variant")
        .order_by("pk")
    )
    links = references_of([row.demand for row in rows])
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        label, url = links.get(row.demand_id, (row.demand.reference, ""))
        found[row.receipt_id].append(Filled(row.demand.variant.sku, row.quantity, label, url))
    return found
