"""The product's own name, said once."""

PRODUCT = "Quayside"
STRAPLINE = "Order management"
