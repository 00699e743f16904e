"""Places in inventory's pages that apps above may fill."""

from core.panels import Socket

VARIANT_PAGE = Socket("inventory.variant_page")
DEMAND_REFERENCE = Socket("inventory.demand_reference")
