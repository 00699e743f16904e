"""A list page: declared in an app's tables.py, answered in one line."""

from typing import Any, Self

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from core.listing import paging, saved
from core.listing.page import ListPage
from core.listing.state import Empty, ListState

__all__ = ["Empty", "Listing", "all_listings", "listing_named"]

MOST_NEW = 99
_listings: dict[str, type["Listing"]] = {}


def listing_named(name: str) -> type["Listing"] | None:
    """The list of that name, as “orders.orders”; None when there is none."""
    return _listings.get(name)


def all_listings() -> list[type["Listing"]]:
    return list(_listings.values())


class Listing(ListState):
    """Base of every list page. Subclasses live in an app's tables.py; the view is one line:
    `return OrderList(request).respond()`.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.name and _listings.setdefault(cls.name, cls).__qualname__ != cls.__qualname__:
            raise ValueError(f"the list {cls.name} is named twice")

    # --- the answer -------------------------------------------------------------------------

    def respond(self, **context: Any) -> HttpResponse:
        """The page, or for htmx its part `#results`; a jump when exactly one record was named."""
        assert self.request is not None  # noqa: S101 - a page answers a request
        htmx = getattr(self.request, "htmx", None)
        is_fragment = bool(htmx and not htmx.history_restore_request and not htmx.boosted)
        if self.params.get("go") and self.q and (target := self.exact(self.q)):
            return HttpResponse(headers={"HX-Redirect": target}) if htmx else redirect(target)
        if not self.params and not is_fragment and (opening := self._opening_url()):
            return HttpResponseRedirect(opening)
        if is_fragment and (since := self.params.get("newer", "")):
            return self._newer(since)
        page = ListPage(self)
        template = "core/listing/results.html" if is_fragment else self.template
        response = render(self.request, template, {"list": page, **context})
        if is_fragment:
            response["HX-Push-Url"] = page.url
            response["HX-Trigger"] = page.announcement
        patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
        return response

    def _newer(self, since: str) -> HttpResponse:
        """How many matching rows came in above the first one; the list never moves under its reader."""
        place = paging.Cursor.read(since, f"{self.name} {self.sort}")
        new = self.rows.filter(paging.above(self.terms, place)) if place else self.rows.none()
        count = paging.capped_count(new, MOST_NEW)
        context = {
            "count": paging.count_text(count, MOST_NEW) if count else "",
            "noun": self.noun[count != 1],
            "url": self.url(),
        }
        return render(self.request, "core/listing/newer.html", context)

    def _opening_url(self) -> str:
        view = self.kept.view(self.kept.opens) if self.kept.opens else None
        return saved.view_url(self.path, view) if view else ""

    @classmethod
    def for_user(cls, user: Any, query: str) -> Self:
        """The list with no request behind it, for jobs and bulk actions."""
        return cls(user=user, query=query)
