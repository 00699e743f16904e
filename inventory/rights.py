"""Who may see and change stock."""

from core.rights import Role, right

SEE_STOCK = right("inventory.see", "See stock and products", *Role)
ADJUST_STOCK = right("inventory.adjust", "Adjust stock", Role.WAREHOUSE)
EDIT_CATALOGUE = right("inventory.catalogue", "Edit products")
