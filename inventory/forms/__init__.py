"""Forms of inventory, a theme a module: well-formed input, no decisions."""

from inventory.forms.catalogue import ProductForm, RelatedForm, VariantForm, VariantLinksForm
from inventory.forms.places import LocationForm
from inventory.forms.stock import (
    MOST_UNITS,
    WHOLE,
    AdjustForm,
    ChannelPlacesForm,
    LocationAccessForm,
    ThresholdForm,
)

__all__ = [
    "MOST_UNITS",
    "WHOLE",
    "AdjustForm",
    "ChannelPlacesForm",
    "LocationAccessForm",
    "LocationForm",
    "ProductForm",
    "RelatedForm",
    "ThresholdForm",
    "VariantForm",
    "VariantLinksForm",
]
