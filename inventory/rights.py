"""Who may see and change stock."""

from core.rights import Role, right

SEE_STOCK = right("inventory.see", "See stock and products", *Role)
ADJUST_STOCK = right("inventory.adjust", "Adjust stock", Role.WAREHOUSE)
EDIT_CATALOGUE = right("inventory.catalogue", "Edit products")
SEE_PURCHASES = right(
    "inventory.purchases", "See suppliers and purchase orders", Role.WAREHOUSE, Role.FINANCE
)
BUY = right("inventory.buy", "Buy: suppliers, prices and purchase orders", Role.FINANCE)
RECEIVE = right("inventory.receive", "Receive goods", Role.WAREHOUSE)
OVER_RECEIVE = right("inventory.over_receive", "Receive more than was ordered and is tolerated")
