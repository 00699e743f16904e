"""The list kit: declare columns, filters and search words; get paging, views, bulk and export."""

from core.listing.background import run_bulk_action, run_export
from core.listing.bulk import BulkAction, LeftAlone, Preview, Refusal, plug_action
from core.listing.columns import Column
from core.listing.dates import Days, Span
from core.listing.filters import (
    AnyOf,
    Contains,
    Flag,
    Linked,
    ListFilter,
    NumberRange,
    OneOf,
    Period,
)
from core.listing.lists import Empty, Listing, all_listings, listing_named
from core.listing.neighbours import Neighbours, neighbours
from core.listing.plugging import plug_match, plug_token
from core.listing.saved import Preset
from core.listing.search import (
    Token,
    choice_token,
    day_token,
    flag_token,
    number_token,
    text_token,
)

__all__ = [
    "AnyOf",
    "BulkAction",
    "Column",
    "Contains",
    "Days",
    "Empty",
    "Flag",
    "LeftAlone",
    "Linked",
    "ListFilter",
    "Listing",
    "Neighbours",
    "NumberRange",
    "OneOf",
    "Period",
    "Preset",
    "Preview",
    "Refusal",
    "Span",
    "Token",
    "all_listings",
    "choice_token",
    "day_token",
    "flag_token",
    "listing_named",
    "neighbours",
    "number_token",
    "plug_action",
    "plug_match",
    "plug_token",
    "run_bulk_action",
    "run_export",
    "text_token",
]
