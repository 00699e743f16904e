"""Who may see and change customers."""

from core.rights import Role, right

SEE_CUSTOMERS = right("customers.see", "See customers", Role.SALES, Role.FINANCE, Role.RETURNS)
EDIT_CUSTOMERS = right("customers.edit", "Edit customers", Role.SALES)
