"""Where the pages of sourcing are found: under Settings, and by what is told of them."""

from core import settings_pages, subjects
from core.settings_pages import SettingsPage
from core.subjects import SubjectKind, page
from orders.models import SendingTerms, SourcingRule
from orders.rights import EDIT_SOURCING

settings_pages.add(
    SettingsPage(
        "Sourcing rules",
        "Where orders are sent from, beyond stock and cost",
        "orders:sourcing_rule_list",
        "split",
        "Shipping",
        EDIT_SOURCING,
        53,
    )
)
settings_pages.add(
    SettingsPage(
        "Sending terms",
        "What sending costs each location, and to where",
        "orders:sending_terms_list",
        "truck",
        "Shipping",
        EDIT_SOURCING,
        54,
    )
)
settings_pages.add(
    SettingsPage(
        "What if",
        "Past orders decided again with another network, stock, rates or rules",
        "orders:what_if_list",
        "split",
        "Shipping",
        EDIT_SOURCING,
        55,
    )
)
subjects.register(
    SubjectKind(SourcingRule, "Sourcing rule", page("orders:sourcing_rule_edit"), EDIT_SOURCING)
)
subjects.register(
    SubjectKind(
        SendingTerms,
        "Sending terms",
        page("orders:sending_terms_edit"),
        EDIT_SOURCING,
        name=lambda row: row.location.name,
        related=("location",),
    )
)
