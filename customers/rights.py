"""Who may see and change customers."""

from core.rights import Role, right

SEE_CUSTOMERS = right("customers.see", "See customers", Role.SALES, Role.FINANCE, Role.RETURNS)
EDIT_CUSTOMERS = right("customers.edit", "Edit customers", Role.SALES)
SET_CREDIT = right("customers.credit", "Open credit accounts and set their limits", Role.FINANCE)
BLOCK_COMPANIES = right(
    "customers.block", "Block companies from ordering, and let them order again", Role.FINANCE
)
