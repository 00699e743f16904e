"""The settings pages of goodwill limits."""

from core.money import in_words
from core.rights import Role
from core.settings_pages import Column, ModelSettings
from payments.events import GoodwillLimitChanged
from payments.forms import GoodwillLimitForm
from payments.models import GoodwillLimit
from payments.rights import EDIT_LIMITS

LIMITS = ModelSettings(
    name="goodwill_limit",
    app_name="payments",
    model=GoodwillLimit,
    form=GoodwillLimitForm,
    changed=GoodwillLimitChanged,
    singular="Goodwill limit",
    plural="Goodwill limits",
    description="How much each role may give back on one order beyond what is owed.",
    columns=(
        Column("Role", lambda row: Role(row.role).label),
        Column("Limit", lambda row: in_words(row.amount, row.currency)),
    ),
    icon="refund",
    right=EDIT_LIMITS,
    order_by=("role", "currency"),
)
