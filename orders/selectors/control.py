"""What the pages on an order in hand ask: who may take it, which tags there are, what it belongs to."""

from django.db.models import F, Q, QuerySet

from core.models import User
from orders.models import Hold, Order, OrderLine, OrderLink, Watcher
from orders.rights import EDIT_ORDERS
from orders.states import LinkKind

RECENT = 2_000


def may_take_orders() -> QuerySet[User]:
    """The people who may be given an order or a hold to take care of."""
    roles = [role.value for role in EDIT_ORDERS.roles]
    people: QuerySet[User] = User.objects.filter(
        Q(roles__overlap=roles) | Q(is_superuser=True), is_active=True
    )
    return people.order_by("name", "pk")


def known_tags() -> list[str]:
    """The tags on the latest tagged orders, by name. One query along its own index."""
    recent = Order.objects.exclude(tags=[]).order_by("-pk").values_list("tags", flat=True)[:RECENT]
    return sorted({tag for tags in recent for tag in tags})


def links_of(order: Order) -> list[OrderLink]:
    """How the order belongs to others, either way. One query."""
    return list(
        OrderLink.objects.filter(Q(source=order) | Q(target=order)).select_related(
            "source", "target"
        )
    )


def holds_of(order: Order) -> list[Hold]:
    """Every hold there ever was, those in force first. One query."""
    return list(
        order.holds.select_related("owner").order_by(
            F("released_at").desc(nulls_first=True), "-placed_at", "-pk"
        )
    )


def watchers_of(order: Order) -> list[Watcher]:
    """Who watches it. One query."""
    return list(order.watchers.select_related("user"))


def moved_units(lines: list[OrderLine]) -> dict[int, int]:
    """Units that went on to other orders, by line id. One query."""
    rows = (
        OrderLine.objects.filter(
            origin__in=[line.pk for line in lines],
            order__links_in__kind__in=(LinkKind.SPLIT, LinkKind.MERGE),
            order__links_in__source=F("origin__order"),
        )
        .order_by()
        .values_list("origin_id", "quantity")
    )
    moved: dict[int, int] = {}
    for origin_id, quantity in rows:
        if origin_id:
            moved[origin_id] = moved.get(origin_id, 0) + quantity
    return moved


def news_count(user: User) -> int:
    """Watched orders on which something happened since the user looked, counted up to 100."""
    fresh = Watcher.objects.filter(user=user, seen_version__lt=F("order__version"))
    return fresh[:100].count()
