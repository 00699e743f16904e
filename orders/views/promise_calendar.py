"""The promise calendar: a month of days on which carriers, locations and countries are closed."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.access import requires, staff_of
from core.errors import DomainError
from core.markup.people import country_name
from core.rights import EDIT_SETTINGS
from core.sent import whole_number
from inventory.models import Location
from orders.forms.promises import CloseForm
from orders.rights import EDIT_PRICES
from orders.selectors.closures import (
    CARRIER,
    LOCATION,
    MonthOfDays,
    carrier_names,
    countries_served,
    month_of_days,
)
from orders.services.closing_days import (
    close_carrier,
    close_location,
    close_proposed,
    reopen_carrier,
    reopen_location,
)

Choices = list[tuple[str, str]]
YEARS = range(2000, 2101)


@requires(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def promise_calendar(request: HttpRequest) -> HttpResponse:
    """A month of closed days. `do` says what a button meant: close a day, open one again, or close the
    holidays that were chosen.
    """
    may_locations = staff_of(request).has_right(EDIT_SETTINGS)
    first = _month(request.GET.get("month", ""))
    of, whose = request.GET.get("of", ""), _whose()
    of = of if of in dict(whose) else ""
    month = month_of_days(first, of=of, with_locations=may_locations)
    do = request.POST.get("do", "")
    form = CloseForm(request.POST if do == "close" else None, who=_who(may_locations))
    here = f"{reverse('orders:promise_calendar')}?month={first:%Y-%m}&of={of}"
    status = 200
    if request.method == "POST":
        status = 422
        try:
            done = _act(request, do, form, month, may_locations=may_locations)
        except DomainError as refusal:
            if not form.is_bound:
                messages.error(request, refusal.message)
                return redirect(here)
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            if done:
                messages.success(request, done)
                return redirect(here)
    context = {
        "month": month,
        "form": form,
        "of": of,
        "whose": whose,
        "here": here,
        "today": timezone.localdate(),
        "may_locations": may_locations,
    }
    return render(request, "orders/promises/calendar.html", context, status=status)


def _act(
    request: HttpRequest, do: str, form: CloseForm, month: MonthOfDays, *, may_locations: bool
) -> str:
    """Do what the button meant; what was done in words, nothing where the form does not hold."""
    if do == "propose":
        keys = set(request.POST.getlist("proposed"))
        count = close_proposed(chosen=[one for one in month.proposed if one.key in keys])
        return f"{count} day{'' if count == 1 else 's'} closed."
    if do.startswith("reopen:"):
        _, kind, number = (*do.split(":"), "", "")[:3]
        if kind == CARRIER:
            reopen_carrier(closure_id=whole_number(number) or 0)
        elif kind == LOCATION and may_locations:
            reopen_location(closure_id=whole_number(number) or 0)
        return "Open again."
    if not form.is_bound or not form.is_valid():
        return ""
    values = form.cleaned_data
    kind, _, whose = values["who"].partition(":")
    if kind == CARRIER:
        close_carrier(
            carrier=whose, country=values["country"], day=values["day"], label=values["name"]
        )
    else:
        close_location(location_id=whole_number(whose), day=values["day"], label=values["name"])
    return f"Closed on {values['day']:%-d %B %Y}."


def _month(text: str) -> date:
    """The first day of a month written as 2026-12; else of this one."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = date.min
    return found if found.year in YEARS else timezone.localdate().replace(day=1)


def _who(may_locations: bool) -> Choices:
    """Who may be closed, by the user."""
    who = [("carrier:", "Every carrier")]
    who += [(f"carrier:{code}", name) for code, name in carrier_names().items()]
    if may_locations:
        who += [("location:", "Every location"), *_locations()]
    return who


def _locations() -> Choices:
    rows = Location.objects.filter(is_active=True).order_by("name").values_list("pk", "name")
    return [(f"location:{pk}", name) for pk, name in rows]


def _whose() -> Choices:
    """What the month may be narrowed to."""
    return [
        ("", "Everybody"),
        *((f"carrier:{code}", name) for code, name in carrier_names().items()),
        *_locations(),
        *((f"country:{code}", country_name(code)) for code in countries_served()),
    ]
