"""The settings pages of how long carriers take and on which days they work."""

from core.settings_pages import Column, ModelSettings
from core.views.settings import settings_urls
from inventory.forms.places import WEEKDAYS
from orders.events.promises import CarrierDaysChanged, TransitTimeChanged
from orders.forms.promises import CarrierDaysForm, TransitTimeForm, carrier_choices
from orders.models import CarrierDays, TransitTime
from orders.rights import EDIT_PRICES

TRANSIT_TIMES = ModelSettings(
    name="transit_time",
    app_name="orders",
    model=TransitTime,
    form=TransitTimeForm,
    changed=TransitTimeChanged,
    singular="Transit time",
    plural="Transit times",
    description="Working days from a location to a zone, where they differ from what the zone says."
    " They count until thirty deliveries have been measured.",
    columns=(
        Column("Zone", lambda row: row.zone.name),
        Column("Service", lambda row: row.zone.service.name),
        Column("From", lambda row: row.location.name),
        Column("Days on the way", lambda row: row.days),
    ),
    icon="truck",
    right=EDIT_PRICES,
    order_by=("zone__service__name", "zone__name", "location__name"),
    related=("zone__service", "location"),
)

CARRIER_DAYS = ModelSettings(
    name="carrier_days",
    app_name="orders",
    model=CarrierDays,
    form=CarrierDaysForm,
    changed=CarrierDaysChanged,
    singular="Carrier’s days",
    plural="Carriers’ days",
    description="On which weekdays each carrier collects and delivers; one that is not named here works"
    " from Monday to Saturday.",
    columns=(
        Column("Carrier", lambda row: dict(carrier_choices()).get(row.carrier, row.carrier)),
        Column(
            "Works on",
            lambda row: ", ".join(name for day, name in WEEKDAYS if day in row.working_days),
        ),
    ),
    icon="calendar",
    right=EDIT_PRICES,
    order_by=("carrier",),
)

carrier_urls = [
    *settings_urls(TRANSIT_TIMES, "settings/transit-times"),
    *settings_urls(CARRIER_DAYS, "settings/carrier-days"),
]
