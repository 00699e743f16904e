"""The lists of transfers, counts and assembly orders."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from core.listing import (
    Column,
    Empty,
    Listing,
    Preset,
    choice_token,
    day_token,
    flag_token,
    text_token,
)
from core.rights import Role
from inventory.filters.moving import AssemblyFilter, CountFilter, TransferFilter
from inventory.models import AssemblyOrder, CountLine, CountSession, Transfer, TransferLine
from inventory.rights import ASSEMBLE, COUNT_STOCK, SEE_STOCK, TRANSFER
from inventory.selectors import visible_locations
from inventory.selectors.transfers import visible_transfers
from inventory.states import AssemblyState, CountState, TransferState


class TransferList(Listing):
    """Goods between our locations."""

    name = "inventory.transfers"
    title = "Transfers"
    noun = ("transfer", "transfers")
    url_name = "inventory:transfer_list"
    right = SEE_STOCK
    columns = (
        Column("number", "Transfer", sort="pk", is_fixed=True),
        Column("state", "State", value=lambda row: row.get_state_display()),
        Column("source", "From", sort="source__name", value="source.name"),
        Column("target", "To", sort="target__name", value="target.name"),
        Column("units", "Units", value="units", kind="number"),
        Column("transit", "On the way", value="transit", kind="number"),
        Column("expected", "Expected", sort="expected_on", value="expected_on", kind="day"),
        Column("created", "Planned", sort="created_at", value="created_at", kind="moment"),
        Column("by", "By", value="created_by", is_default=False),
        Column("note", "Note", is_default=False),
    )
    filterset = TransferFilter
    promoted = ("state", "location")
    tokens = (
        choice_token("state", TransferState.choices, "state"),
        text_token("from", "source__code__iexact", example="from:ber"),
        text_token("to", "target__code__iexact"),
        day_token("expected", "expected_on"),
        flag_token("is", lambda: {"late": _late()}, example="is:late"),
    )
    search_label = "Search transfers by number or note"
    default_sort = "-number"
    row_template = "inventory/transfer_rows.html"
    template = "inventory/transfer_list.html"
    presets = (
        Preset("way", "On the way", "state=shipped&state=partly_received", is_counted=True),
        Preset("drafts", "Drafts", "state=draft"),
    )
    empty = Empty(
        "No transfers yet",
        "Send goods from one location to another; they are counted on their way.",
        "inventory:transfer_create",
        "Plan transfer",
        "truck",
        right=TRANSFER,
    )

    def queryset(self) -> QuerySet[Transfer]:
        return visible_transfers(self.user).select_related("source", "target")

    def match(self, word: str) -> Q:
        return Q(number__icontains=word) | Q(note__icontains=word)

    def exact(self, text: str) -> str | None:
        found = self.queryset().filter(number__iexact=text).first()
        return reverse("inventory:transfer_detail", args=[found.pk]) if found else None

    def decorate(self, rows: Sequence[Any]) -> None:
        sums: dict[int, Any] = {
            one["transfer_id"]: one
            for one in TransferLine.objects.filter(transfer__in=[row.pk for row in rows])
            .order_by()
            .values("transfer_id")
            .annotate(units=Sum("quantity"), transit=Sum(F("shipped") - F("received") - F("lost")))
        }
        today = timezone.localdate()
        for row in rows:
            row.units = sums.get(row.pk, {}).get("units", 0)
            row.transit = sums.get(row.pk, {}).get("transit", 0)
            row.is_late = bool(row.transit and row.expected_on and row.expected_on < today)

    def row_class(self, row: Any) -> str:
        if row.is_late:
            return "row--warning"
        return "row--muted" if row.state == TransferState.CANCELLED else ""

    def row_label(self, row: Any) -> str:
        return str(row.number)


def _late() -> Q:
    return Q(state__in=TransferState.under_way(), expected_on__lt=timezone.localdate())


class CountList(Listing):
    """Counts of parts of locations."""

    name = "inventory.counts"
    title = "Counts"
    noun = ("count", "counts")
    url_name = "inventory:count_list"
    right = SEE_STOCK
    columns = (
        Column("number", "Count", sort="pk", is_fixed=True),
        Column("state", "State", value=lambda row: row.get_state_display()),
        Column("location", "Location", sort="location__name", value="location.name"),
        Column("scope", "What"),
        Column("progress", "Counted", value=lambda row: f"{row.counted} of {row.lines_all}"),
        Column("difference", "Lines that differ", value="differing", kind="number"),
        Column("created", "Begun", sort="created_at", value="created_at", kind="moment"),
        Column("by", "By", value="created_by", is_default=False),
        Column("approved", "Booked by", value="approved_by", is_default=False),
    )
    filterset = CountFilter
    promoted = ("state", "location")
    tokens = (
        choice_token("state", CountState.choices, "state"),
        text_token("location", "location__code__iexact", example="location:ber"),
    )
    search_label = "Search counts by number or what is counted"
    default_sort = "-number"
    row_template = "inventory/count_rows.html"
    template = "inventory/count_list.html"
    presets = (
        Preset("open", "Being counted", "state=open", roles=(Role.WAREHOUSE,)),
        Preset("approve", "To approve", "state=submitted", is_counted=True),
    )
    empty = Empty(
        "No counts yet",
        "Count a few bins at a time; work goes on meanwhile.",
        "inventory:count_create",
        "Begin count",
        "scan",
        right=COUNT_STOCK,
    )

    def queryset(self) -> QuerySet[CountSession]:
        places = visible_locations(self.user)
        return CountSession.objects.filter(location__in=places).select_related("location")

    def match(self, word: str) -> Q:
        return Q(number__icontains=word) | Q(scope__icontains=word) | Q(note__icontains=word)

    def exact(self, text: str) -> str | None:
        found = self.queryset().filter(number__iexact=text).first()
        return reverse("inventory:count_detail", args=[found.pk]) if found else None

    def decorate(self, rows: Sequence[Any]) -> None:
        sums: dict[int, Any] = {
            one["session_id"]: one
            for one in CountLine.objects.filter(session__in=[row.pk for row in rows])
            .order_by()
            .values("session_id")
            .annotate(
                lines_all=Count("pk"),
                done=Count("counted"),
                differing=Count("pk", filter=~Q(counted=F("expected")) & Q(counted__isnull=False)),
            )
        }
        for row in rows:
            found = sums.get(row.pk, {})
            row.lines_all = found.get("lines_all", 0)
            row.counted = found.get("done", 0)
            row.is_hidden = row.is_blind and row.state == CountState.OPEN
            row.differing = None if row.is_hidden else found.get("differing", 0)

    def row_class(self, row: Any) -> str:
        if row.state == CountState.SUBMITTED:
            return "row--warning"
        return "row--muted" if row.state == CountState.CANCELLED else ""

    def row_label(self, row: Any) -> str:
        return str(row.number)


class AssemblyList(Listing):
    """Wholes made from their parts."""

    name = "inventory.assembly"
    title = "Assembly"
    noun = ("assembly order", "assembly orders")
    url_name = "inventory:assembly_list"
    right = SEE_STOCK
    columns = (
        Column("number", "Order", sort="pk", is_fixed=True),
        Column("state", "State", value=lambda row: row.get_state_display()),
        Column("sku", "SKU", sort="variant__sku", value="variant.sku"),
        Column("what", "What", value=lambda row: "Take apart" if row.is_disassembly else "Make"),
        Column("quantity", "Units", kind="number"),
        Column("made", "Done", kind="number"),
        Column("location", "Location", sort="location__name", value="location.name"),
        Column("created", "Planned", sort="created_at", value="created_at", kind="moment"),
        Column("by", "By", value="created_by", is_default=False),
    )
    filterset = AssemblyFilter
    promoted = ("state", "location")
    tokens = (
        choice_token("state", AssemblyState.choices, "state"),
        text_token("sku", "variant__sku__iexact"),
    )
    search_label = "Search by number or SKU"
    default_sort = "-number"
    row_template = "inventory/assembly_rows.html"
    template = "inventory/assembly_list.html"
    presets = (Preset("open", "Under way", "state=draft&state=started"),)
    empty = Empty(
        "No assembly orders yet",
        "Make products ahead from the parts that their page lists.",
        "inventory:assembly_create",
        "Plan assembly",
        "boxes",
        right=ASSEMBLE,
    )

    def queryset(self) -> QuerySet[AssemblyOrder]:
        places = visible_locations(self.user)
        return AssemblyOrder.objects.filter(location__in=places).select_related(
            "variant__product", "location"
        )

    def match(self, word: str) -> Q:
        return Q(number__icontains=word) | Q(variant__sku__icontains=word)

    def exact(self, text: str) -> str | None:
        found = self.queryset().filter(number__iexact=text).first()
        return reverse("inventory:assembly_detail", args=[found.pk]) if found else None

    def row_class(self, row: Any) -> str:
        return "row--muted" if row.state == AssemblyState.CANCELLED else ""

    def row_label(self, row: Any) -> str:
        return str(row.number)
