"""Places in inventory's pages that apps above may fill, and questions they may answer."""

from core.panels import Registry, Socket

VARIANT_PAGE = Socket("inventory.variant_page")
VARIANT_SIDE = Socket("inventory.variant_side")
PRODUCT_PAGE = Socket("inventory.product_page")
LOT_PAGE = Socket("inventory.lot_page")
SERIAL_PAGE = Socket("inventory.serial_page")

# called with (demand ids); answers {demand id: (words, address)} for those it knows
DEMAND_LINKS = Registry("what wished a demand, and where its page is")
