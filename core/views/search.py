"""Search over everything, as a palette and as a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core import search as finding
from core.access import requires, staff_of
from core.rights import SEE_BACK_OFFICE

TWO_LETTERS = 2


@requires(SEE_BACK_OFFICE)
@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """What Ctrl-K shows: exact hits first, then pages, then other records."""
    query = request.GET.get("q", "")
    found = finding.search(staff_of(request), query) if len(query.strip()) >= TWO_LETTERS else []
    pages = finding.pages(staff_of(request), query)
    exact = [group for group in found if group.hits[0].is_exact]
    rest = [group for group in found if not group.hits[0].is_exact]
    ordered = [*exact, *([pages] if pages.hits else []), *rest]
    groups = [
        (group.title, [(hit.label, hit.url, hit.icon, hit.hint) for hit in group.hits])
        for group in ordered
    ]
    return render(request, "components/palette_results.html", {"groups": groups, "query": query})


@requires(SEE_BACK_OFFICE)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The search page; an exact number leads straight to its record."""
    query = request.GET.get("q", "").strip()
    groups = finding.search(staff_of(request), query, limit=20)
    exact = finding.exact_hit(groups)
    if exact and request.GET.get("stay") != "1":
        return redirect(exact.url)
    pages = finding.pages(staff_of(request), query) if query else finding.HitGroup("Pages")
    return render(request, "core/search.html", {"q": query, "groups": groups, "pages": pages})
