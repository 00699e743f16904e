"""Who may see and change orders."""

from core.rights import Role, right

SEE_ORDERS = right("orders.see", "See orders", *Role)
PLACE_ORDERS = right("orders.place", "Place orders by phone", Role.SALES)
EDIT_ORDERS = right("orders.edit", "Hold, tag, note and change orders", Role.SALES)
CANCEL_ORDERS = right("orders.cancel", "Cancel orders", Role.SALES, Role.FINANCE)
IMPORT_ORDERS = right("orders.import", "Import orders", Role.SALES)
EDIT_PRICES = right("orders.prices", "Change prices, taxes and shipping rates")
OVERRIDE_PRICES = right("orders.override_prices", "Give prices beyond a channel’s limit")
EDIT_SOURCING = right("orders.sourcing", "Change sourcing rules and sending terms")
CHOOSE_LOCATIONS = right("orders.source", "Choose where orders are sent from", Role.SALES)
SEE_QUOTES = right("orders.quotes", "See quotes and standing orders", Role.SALES, Role.FINANCE)
APPROVE_CHANGES = right("orders.approve", "Approve changes above the limit", Role.FINANCE)
SHIP_UNPAID = right("orders.ship_unpaid", "Let orders leave before all is paid", Role.FINANCE)
REVIEW_RISK = right("orders.risk", "Review risky orders", Role.SALES, Role.FINANCE)
EDIT_RISK = right("orders.risk_rules", "Change risk rules and their lists")
