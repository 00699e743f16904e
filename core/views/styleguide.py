"""The style guide: every component on one page, to look at and to test."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.access import requires
from core.rights import SEE_BACK_OFFICE


@requires(SEE_BACK_OFFICE)
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component once."""
    return render(request, "core/styleguide.html")
