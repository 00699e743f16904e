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
TRANSFER = right("inventory.transfer", "Send and receive transfers", Role.WAREHOUSE)
COUNT_STOCK = right("inventory.count", "Count stock", Role.WAREHOUSE)
APPROVE_COUNTS = right("inventory.approve_counts", "Approve counts that differ")
ASSEMBLE = right("inventory.assemble", "Make and take apart", Role.WAREHOUSE)
RECALL_LOTS = right("inventory.recall", "Recall lots and lift recalls")
