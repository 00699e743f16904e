"""The settings pages of how far placed orders may be edited."""

from core.money import in_words
from core.settings_pages import Column, ModelSettings
from core.views.settings import settings_urls
from orders.events import EditRuleChanged
from orders.forms.changes import EditRuleForm
from orders.models import EditRule
from orders.rights import EDIT_PRICES


def _percent(value: int | None) -> str:
    return "no limit" if value is None else f"{value} %"


RULES = ModelSettings(
    name="edit_rule",
    app_name="orders",
    model=EditRule,
    form=EditRuleForm,
    changed=EditRuleChanged,
    singular="Edit rule",
    plural="Edit rules",
    description="From where on a change to a placed order needs a second person, and how much may"
    " stay missing after it.",
    columns=(
        Column("Channel", lambda row: row.channel.name),
        Column(
            "Approval above",
            lambda row: (
                "no limit"
                if row.amount_limit is None
                else in_words(row.amount_limit, row.channel.currency)
            ),
        ),
        Column("Or above", lambda row: _percent(row.percent_limit)),
        Column("May stay missing", lambda row: in_words(row.tolerance, row.channel.currency)),
    ),
    icon="edit",
    right=EDIT_PRICES,
    order_by=("channel__name",),
    related=("channel",),
)

edit_rule_urls = settings_urls(RULES, "settings/edit-rules")
