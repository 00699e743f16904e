"""Settings of places: locations, which channels sell from where, who works where."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires
from core.models import Channel, User
from core.rights import EDIT_SETTINGS, EDIT_USERS
from core.settings_pages import Column, ModelSettings
from core.views.settings import settings_urls
from inventory.events import LocationChanged
from inventory.forms import ChannelPlacesForm, LocationAccessForm, LocationForm
from inventory.models import ChannelLocation, ChannelStockRule, Location
from inventory.services import set_channel_places, set_location_access, set_stock_rule

LOCATIONS = ModelSettings(
    name="location",
    model=Location,
    form=LocationForm,
    changed=LocationChanged,
    singular="Location",
    plural="Locations",
    description="Warehouses, stores and other places with stock.",
    columns=(
        Column("Name", lambda row: row.name),
        Column("Code", lambda row: row.code),
        Column("Kind", lambda row: row.get_kind_display()),
        Column("City", lambda row: row.city or "–"),
        Column("Leaves the same day until", lambda row: row.cut_off.strftime("%H:%M")),
        Column("Active", lambda row: "yes" if row.is_active else "no"),
    ),
    icon="warehouse",
    app_name="inventory",
    links=(
        ("Calendar", "inventory:location_calendar", "calendar"),
        ("Bins", "inventory:location_bins", "boxes"),
    ),
)
location_urls = settings_urls(LOCATIONS, "settings/locations")


@requires(EDIT_SETTINGS)
@require_GET
def channel_places_list(request: HttpRequest) -> HttpResponse:
    """From where each channel sells, in the order in which its locations are asked."""
    channels = Channel.objects.prefetch_related("locations__location")
    return render(request, "inventory/channel_places_list.html", {"channels": channels})


@requires(EDIT_SETTINGS)
@require_http_methods(["GET", "POST"])
def channel_places_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The locations of one channel and their order."""
    channel = get_object_or_404(Channel, pk=pk)
    links = ChannelLocation.objects.filter(channel=channel).order_by("priority", "location_id")
    ranks = {link.location_id: rank for rank, link in enumerate(links, start=1)}
    rule = ChannelStockRule.objects.filter(channel=channel).first()
    days = rule.shelf_life_days if rule else 0
    form = ChannelPlacesForm(request.POST or None, ranks=ranks, shelf_life_days=days)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            with transaction.atomic():
                set_channel_places(channel=channel, locations=form.chosen)
                set_stock_rule(
                    channel=channel, shelf_life_days=form.cleaned_data["shelf_life_days"] or 0
                )
            messages.success(request, f"{channel.name} saved.")
            return redirect("inventory:channel_places_list")
        status = 422
    context = {"form": form, "channel": channel}
    return render(request, "inventory/channel_places_edit.html", context, status=status)


@requires(EDIT_USERS)
@require_POST
def location_access(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a member of the warehouse works; sent from their page."""
    person = get_object_or_404(User, pk=pk)
    form = LocationAccessForm(request.POST)
    if form.is_valid():
        set_location_access(user=person, locations=list(form.cleaned_data["locations"]))
        messages.success(request, f"Locations of {person} saved.")
    else:
        messages.error(request, "Nothing was saved: choose among the locations shown.")
    return redirect("user_detail", person.pk)
