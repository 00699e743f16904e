"""Forms of inventory, a theme a module: well-formed input, no decisions."""

from inventory.forms.stock import (
    MOST_UNITS,
    WHOLE,
    AdjustForm,
    ChannelPlacesForm,
    LocationAccessForm,
    LocationForm,
    ProductForm,
    ThresholdForm,
    VariantForm,
)

__all__ = [
    "MOST_UNITS",
    "WHOLE",
    "AdjustForm",
    "ChannelPlacesForm",
    "LocationAccessForm",
    "LocationForm",
    "ProductForm",
    "ThresholdForm",
    "VariantForm",
]
