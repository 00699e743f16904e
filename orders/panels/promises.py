"""Where promises stand in the navigation and the settings, and the pages of what they are made from."""

from core import menu, settings_pages, subjects
from core.menu import MenuEntry, MenuGroup
from core.settings_pages import SettingsPage
from core.subjects import SubjectKind, page
from core.timeline import dress
from orders.models import CarrierDays, TransitTime
from orders.rights import EDIT_PRICES, SEE_ORDERS

menu.add(
    MenuEntry(
        "Promises kept", "orders:promises_kept", "calendar", MenuGroup.INSIGHT, SEE_ORDERS, 20
    )
)
for label, description, name, icon, position in (
    ("Transit times", "Days from a location to a zone", "transit_time_list", "truck", 53),
    ("Carriers’ days", "When each collects and delivers", "carrier_days_list", "clock", 54),
    ("Promise calendar", "Days on which who is closed", "promise_calendar", "calendar", 55),
):
    settings_pages.add(
        SettingsPage(label, description, f"orders:{name}", icon, "Shipping", EDIT_PRICES, position)
    )

for fact, icon, role in (
    ("orders.PromiseChanged", "calendar", "accent"),
    ("orders.ArrivalExpected", "clock", "warning"),
    ("orders.CarrierClosureSet", "calendar", "neutral"),
):
    dress(fact, icon, role)

subjects.register(
    SubjectKind(
        TransitTime,
        "Transit time",
        page("orders:transit_time_edit"),
        EDIT_PRICES,
        related=("zone__service", "location"),
    )
)
subjects.register(
    SubjectKind(CarrierDays, "Carrier’s days", page("orders:carrier_days_edit"), EDIT_PRICES)
)
