"""Goods on their way between our locations."""

from collections.abc import Sequence

from django.db.models import F, IntegerField, QuerySet
from django.db.models.functions import Cast

from core.models import User
from inventory.models import StockLevel, Transfer, TransferLine
from inventory.selectors.scope import is_bound_to_locations, visible_locations
from inventory.states import TransferState


def open_transfer_lines() -> "QuerySet[TransferLine]":
    """Lines of which units are on the way, with `in_transit` units that should be there by `due_on`
    (None where nobody said).
    """
    units = F("shipped") - F("received") - F("lost")
    return TransferLine.objects.filter(
        transfer__state__in=TransferState.under_way(), shipped__gt=F("received") + F("lost")
    ).annotate(in_transit=Cast(units, IntegerField()), due_on=F("transfer__expected_on"))


def visible_transfers(user: User) -> QuerySet[Transfer]:
    """The transfers that leave from or go to a location the user sees."""
    transfers = Transfer.objects.all()
    if not is_bound_to_locations(user):
        return transfers
    places = list(visible_locations(user).values_list("pk", flat=True))
    return transfers.filter(source__in=places) | transfers.filter(target__in=places)


def free_at_source(transfer: Transfer) -> dict[int, int]:
    """Units that could be sent now, by variant id: what no order and no cart holds. One query."""
    levels = StockLevel.objects.filter(
        location=transfer.source_id, variant__in=transfer.lines.values("variant")
    )
    return {one.variant_id: max(0, one.sellable - one.allocated - one.reserved) for one in levels}


def lines_of_transfer(transfer: Transfer) -> Sequence[TransferLine]:
    """The lines of a transfer as pages show them. One query."""
    return list(transfer.lines.select_related("variant__product", "lot"))
