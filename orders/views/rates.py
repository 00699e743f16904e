"""The settings pages of taxes and of what sending costs."""

from core.markup import country_name, money
from core.settings_pages import Column, ModelSettings
from core.views.settings import settings_urls
from orders.events import (
    ShippingRateChanged,
    ShippingServiceChanged,
    ShippingZoneChanged,
    TaxRateChanged,
)
from orders.forms.rates import ShippingRateForm, ShippingServiceForm, ShippingZoneForm, TaxRateForm
from orders.models import ShippingRate, ShippingService, ShippingZone, TaxRate
from orders.models.shipping_services import EVERYWHERE
from orders.rights import EDIT_PRICES


def _reach(zone: ShippingZone) -> str:
    if EVERYWHERE in zone.countries:
        return "All others"
    return ", ".join(zone.countries)


TAX_RATES = ModelSettings(
    name="tax_rate",
    app_name="orders",
    model=TaxRate,
    form=TaxRateForm,
    changed=TaxRateChanged,
    singular="Tax rate",
    plural="Tax rates",
    description="The tax on each class of goods, by country and region they are sent to. Orders already"
    " placed keep theirs.",
    columns=(
        Column("Country", lambda row: country_name(row.country)),
        Column("Region", lambda row: row.region or "all of it"),
        Column("Class of goods", lambda row: row.tax_class),
        Column("Tax", lambda row: row.name),
        Column("Rate", lambda row: f"{row.percent} %"),
    ),
    icon="invoice",
    right=EDIT_PRICES,
    order_by=("country", "region", "tax_class"),
)

SHIPPING_SERVICES = ModelSettings(
    name="shipping_service",
    app_name="orders",
    model=ShippingService,
    form=ShippingServiceForm,
    changed=ShippingServiceChanged,
    singular="Shipping service",
    plural="Shipping services",
    description="The ways to send that customers may choose, and the carrier behind each.",
    columns=(
        Column("Name", lambda row: row.name),
        Column("Code", lambda row: row.code),
        Column("Carrier", lambda row: row.carrier),
        Column("Offered", lambda row: "yes" if row.is_active else "no"),
    ),
    icon="truck",
    right=EDIT_PRICES,
)

SHIPPING_ZONES = ModelSettings(
    name="shipping_zone",
    app_name="orders",
    model=ShippingZone,
    form=ShippingZoneForm,
    changed=ShippingZoneChanged,
    singular="Shipping zone",
    plural="Shipping zones",
    description="The countries that cost the same to reach with a service, and how long it takes.",
    columns=(
        Column("Zone", lambda row: row.name),
        Column("Service", lambda row: row.service.name),
        Column("Countries", _reach),
        Column("Days on the way", lambda row: row.transit_days),
    ),
    icon="globe",
    right=EDIT_PRICES,
    order_by=("service__name", "name"),
    related=("service",),
)

SHIPPING_RATES = ModelSettings(
    name="shipping_rate",
    app_name="orders",
    model=ShippingRate,
    form=ShippingRateForm,
    changed=ShippingRateChanged,
    singular="Shipping rate",
    plural="Shipping rates",
    description="What a parcel up to a weight costs in a zone: what the customer pays, and what the"
    " carrier takes.",
    columns=(
        Column("Up to", lambda row: f"{row.up_to_g:,} g"),
        Column("Service", lambda row: row.zone.service.name),
        Column("Zone", lambda row: row.zone.name),
        Column("Currency", lambda row: row.currency),
        Column("Customer pays", lambda row: money(row.amount, row.currency)),
        Column("Carrier takes", lambda row: money(row.cost, row.currency)),
    ),
    icon="package",
    right=EDIT_PRICES,
    order_by=("zone__service__name", "zone__name", "currency", "up_to_g"),
    related=("zone__service",),
)


rate_urls = [
    *settings_urls(TAX_RATES, "settings/tax-rates"),
    *settings_urls(SHIPPING_SERVICES, "settings/shipping-services"),
    *settings_urls(SHIPPING_ZONES, "settings/shipping-zones"),
    *settings_urls(SHIPPING_RATES, "settings/shipping-rates"),
]
