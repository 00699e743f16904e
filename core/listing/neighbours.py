"""From one record to the next in the list that led to it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode

from core.listing import paging
from core.listing.columns import follow
from core.listing.state import ListState

TRAIL = "list"
LONGEST = 2_000


@dataclass(frozen=True)
class Neighbours:
    """The list as its reader left it, and the records before and after this one in it."""

    back_url: str
    previous_id: int | None
    next_id: int | None
    trail: str


def neighbours(request: HttpRequest, listing: type[ListState], row: Any) -> Neighbours | None:
    """What stands beside the row in the list that its address names (`?list=`); None where it names
    none. Two indexed queries, wherever in the list the row is.
    """
    query = request.GET.get(TRAIL)
    if query is None:
        return None
    left = listing(user=request.user, query=query[:LONGEST] or "view=all")
    place = paging.Cursor(tuple(follow(row, term.path) for term in left.terms), 1)
    ids = left.rows.order_by()
    forward = paging.take(ids, left.terms, order="", size=1, forward=place)
    backward = paging.take(ids, left.terms, order="", size=1, backward=place)
    return Neighbours(
        back_url=left.url(),
        previous_id=backward.rows[0].pk if backward.rows else None,
        next_id=forward.rows[0].pk if forward.rows and forward.first > 1 else None,
        trail=f"?{urlencode({TRAIL: query[:LONGEST]})}",
    )
