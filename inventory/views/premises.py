"""Settings of a location beyond its form: closed days and bins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.access import requires
from core.errors import DomainError
from core.rights import EDIT_SETTINGS
from core.sent import whole_number, whole_numbers
from inventory.forms.places import WEEKDAYS, BinsForm, ClosureForm
from inventory.models import Location
from inventory.selectors.premises import bins_of, closures_ahead
from inventory.services.premises import add_bins, close_on, remove_bins, reopen_on

SHOWN_BINS = 500


@requires(EDIT_SETTINGS)
@require_http_methods(["GET", "POST"])
def location_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """On which days the location works, and the days on which it is closed."""
    location = get_object_or_404(Location, pk=pk)
    if reopened := request.POST.get("reopen", ""):
        try:
            reopen_on(location=location, closure_id=whole_number(reopened) or 0)
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("inventory:location_calendar", location.pk)
    form = ClosureForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            close_on(
                location=location,
                day=values["day"],
                label=values["name"],
                is_everywhere=values["is_everywhere"],
            )
            messages.success(request, f"Closed on {values['day']:%-d %B %Y}.")
            return redirect("inventory:location_calendar", location.pk)
    context = {
        "location": location,
        "form": form,
        "days": [name for number, name in WEEKDAYS if number in location.working_days],
        "closures": closures_ahead(location, today=timezone.localdate()),
    }
    return render(request, "inventory/location_calendar.html", context, status=status)


@requires(EDIT_SETTINGS)
@require_http_methods(["GET", "POST"])
def location_bins(request: HttpRequest, pk: int) -> HttpResponse:
    """The bins of a location: add many by pattern or paste, take unused ones away."""
    location = get_object_or_404(Location, pk=pk)
    is_removal = "remove" in request.POST
    form = BinsForm(request.POST if request.method == "POST" and not is_removal else None)
    status = 200
    if is_removal:
        chosen = whole_numbers(request.POST.getlist("bin"))
        try:
            count = remove_bins(location=location, bin_ids=chosen[:SHOWN_BINS])
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"{count} taken away.")
        return redirect("inventory:location_bins", location.pk)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                added = add_bins(location=location, bins=form.cleaned_data["bins"])
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, f"{added} bin{'' if added == 1 else 's'} added.")
                return redirect("inventory:location_bins", location.pk)
    bins = bins_of(location, limit=SHOWN_BINS)
    context = {
        "location": location,
        "form": form,
        "bins": bins,
        "total": location.bins.count() if len(bins) == SHOWN_BINS else len(bins),
    }
    return render(request, "inventory/location_bins.html", context, status=status)
