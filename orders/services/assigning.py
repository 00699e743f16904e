"""Who takes care of an order, and who is told what happens to it."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from core.models import User
from core.outbox import publish
from orders.errors import CannotAssign
from orders.events import OrderAssigned, WatchersChanged
from orders.locks import lock_order
from orders.models import Order, Watcher
from orders.rights import SEE_ORDERS
from orders.services.holding import check_may_edit
from orders.services.settling import settle

MENTION = re.compile(r"(?<![\w@.])@([\w.+-]*\w)")
MOST_MENTIONS = 20


@transaction.atomic
def assign_order(
    *, order_id: int, user: User | None, version: int | None = None, now: datetime
) -> Order:
    """Give an order to somebody to take care of (None: to nobody); they watch it from then on.
    Assigning it to whom it is assigned changes nothing. Raises CannotAssign.
    """
    if user is not None:
        check_may_edit(user)
    order = lock_order(order_id)
    if order.assignee_id == (user.pk if user else None):
        return order
    order = lock_order(order_id, version=version)
    before = str(order.assignee) if order.assignee else "nobody"
    order.assignee = user
    if user is not None:
        _watch(order, [user], now=now)
    name = str(user) if user else "nobody"
    fact = OrderAssigned(order_id=order.pk, user_id=user.pk if user else None, assignee=name)
    settle(order, [fact], now=now, changes=[{"assigned to": (before, name)}])
    return order


@transaction.atomic
def watch_order(*, order_id: int, user: User, now: datetime) -> None:
    """Somebody wants to know what happens to an order from now on. Twice is once. Raises CannotAssign
    where they may not see orders.
    """
    if not user.has_right(SEE_ORDERS):
        raise CannotAssign(f"{user} may not see orders; choose somebody who may.", field="user")
    order = lock_order(order_id)
    if _watch(order, [user], now=now, is_seen=True):
        _tell(order)


@transaction.atomic
def stop_watching(*, order_id: int, user: User) -> None:
    """Somebody no longer wants to know. Twice is once."""
    order = lock_order(order_id)
    if order.watchers.filter(user=user).delete()[0]:
        _tell(order)


def mark_seen(*, order: Order, user: User) -> None:
    """The user looks at an order as it is now; nothing where they do not watch it."""
    Watcher.objects.filter(order=order, user=user, seen_version__lt=order.version).update(
        seen_version=order.version
    )


def mentioned_in(text: str) -> list[User]:
    """The colleagues whom a text names as @ada: the name of their address before the @, in full."""
    names = list(dict.fromkeys(name.lower() for name in MENTION.findall(text)))[:MOST_MENTIONS]
    if not names:
        return []
    named = Q()
    for name in names:
        named |= Q(email__istartswith=f"{name}@")
    return [user for user in User.objects.active().filter(named) if user.has_right(SEE_ORDERS)]


def let_watch(order: Order, users: Iterable[User], *, now: datetime) -> None:
    """Let people watch a locked order who were named on it; says so."""
    if _watch(order, users, now=now):
        _tell(order)


def _watch(order: Order, users: Iterable[User], *, now: datetime, is_seen: bool = False) -> bool:
    seen = order.version if is_seen else 0
    known = set(order.watchers.values_list("user_id", flat=True))
    made = Watcher.objects.bulk_create(
        Watcher(order=order, user=user, since=now, seen_version=seen)
        for user in users
        if user.pk not in known
    )
    return bool(made)


def _tell(order: Order) -> None:
    names = [str(row.user) for row in order.watchers.select_related("user")]
    publish(WatchersChanged(order_id=order.pk, names=", ".join(names) or "nobody"))
