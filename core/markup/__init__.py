"""How values look on a page: icons, badges, money, moments, addresses, small charts."""

from core.markup.badges import BadgeSet, badge
from core.markup.icons import icon
from core.markup.people import address, avatar, country_name
from core.markup.values import age, amount, day, meter, money, when

__all__ = [
    "BadgeSet",
    "address",
    "age",
    "amount",
    "avatar",
    "badge",
    "country_name",
    "day",
    "icon",
    "meter",
    "money",
    "when",
]
