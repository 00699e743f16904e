"""Who may see money, take it in, give it back and invoice."""

from core.rights import Role, right

SEE_PAYMENTS = right("payments.see", "See payments", Role.SALES, Role.FINANCE, Role.RETURNS)
RECORD_PAYMENTS = right("payments.record", "Record and confirm payments", Role.FINANCE)
GIVE_REFUNDS = right("payments.refund", "Give money back", Role.FINANCE, Role.RETURNS)
GRANT_GOODWILL = right(
    "payments.goodwill", "Grant goodwill within the role’s limit", Role.FINANCE, Role.RETURNS
)
UNLIMITED_GOODWILL = right("payments.goodwill_unlimited", "Grant goodwill without a limit")
SEE_INVOICES = right(
    "payments.see_invoices", "See invoices", Role.SALES, Role.FINANCE, Role.RETURNS
)
ISSUE_INVOICES = right("payments.invoice", "Issue invoices and credit notes", Role.FINANCE)
EDIT_LIMITS = right("payments.limits", "Set goodwill limits", only_admin=True)
