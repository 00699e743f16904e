"""What orders shows of recommendations in the settings."""

from core import settings_pages
from core.settings_pages import SettingsPage
from orders.rights import EDIT_PRICES

settings_pages.add(
    SettingsPage(
        "Recommendations",
        "When goods are suggested with others",
        "orders:recommendation_rules_list",
        "tag",
        "Store",
        EDIT_PRICES,
        62,
    )
)
