"""What rules do to orders: each action is one of the order's own verbs. What is there already is left
as it is, and said so.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from core.models import User
from core.rules.errors import BadRule
from core.rules.kinds import ValueKind
from core.rules.registry import Action, ActionField, Doing, plug_actions
from inventory.events import DemandFilled
from orders.errors import CannotFulfil
from orders.events import (
    BackorderFilled,
    HoldReleased,
    OrderAssigned,
    OrderCompleted,
    OrderHeld,
    OrderNoted,
    OrderReleased,
    OrderServiceSet,
    OrderSplit,
    OrderSplitOff,
    OrderTagged,
    StockSetAside,
    WatchersChanged,
)
from orders.models import Hold, NoteKind, Order, OrderLine, ShippingService
from orders.selectors.control import may_take_orders
from orders.services import (
    add_note,
    allocate_now,
    assign_order,
    hold_order,
    release_hold,
    release_holds,
    set_shipping_service,
    set_tags,
    split_order,
)
from orders.services.building import tag_of
from orders.states import HoldKind

Values = Mapping[str, str]
ANY_HOLD = "any"
WAITING, BY_SKU = "waiting", "sku"
NOBODY = "nobody"


def hold(doing: Doing, values: Values) -> str:
    kind = HoldKind(values["kind"])
    if Hold.objects.filter(order=doing.subject_id, kind=kind, released_at=None).exists():
        return f"Was on hold already: {kind.label}"
    days = values.get("days", "").strip()
    hold_order(
        order_id=doing.subject_id,
        kind=kind,
        reason=values["reason"],
        until=doing.now + timedelta(days=int(days)) if days else None,
        now=doing.now,
    )
    return f"Put on hold: {kind.label}"


def _check_days(values: Values) -> None:
    days = values.get("days", "").strip()
    if days and not 0 < int(days) <= 365:
        raise BadRule("Give 1 to 365 days, or none.", field="days")


def release(doing: Doing, values: Values) -> str:
    kind = values["kind"]
    holds = Hold.objects.filter(order=doing.subject_id, released_at=None)
    if kind != ANY_HOLD:
        holds = holds.filter(kind=kind)
    found = list(holds)
    if not found:
        return "Was on no such hold"
    if kind == ANY_HOLD:
        release_holds(order_id=doing.subject_id, now=doing.now)
    else:
        release_hold(order_id=doing.subject_id, hold_id=found[0].pk, now=doing.now)
    return f"Released: {', '.join(one.get_kind_display() for one in found)}"


def _tags(values: Values) -> list[str]:
    return [tag for word in values["tags"].split(",") if (tag := tag_of(word))]


def _check_tags(values: Values) -> None:
    if not _tags(values):
        raise BadRule("Name at least one tag.", field="tags")


def tag(doing: Doing, values: Values) -> str:
    set_tags(order_id=doing.subject_id, add=_tags(values), now=doing.now)
    return f"Tagged {', '.join(_tags(values))}"


def untag(doing: Doing, values: Values) -> str:
    set_tags(order_id=doing.subject_id, remove=_tags(values), now=doing.now)
    return f"No longer tagged {', '.join(_tags(values))}"


def people() -> list[tuple[str, str]]:
    return [(str(user.pk), str(user)) for user in may_take_orders()]


def assign(doing: Doing, values: Values) -> str:
    chosen = values["user"]
    user = None if chosen == NOBODY else User.objects.filter(pk=chosen).first()
    if user is None and chosen != NOBODY:
        raise BadRule("Whom the rule names has no account any more; change the rule.")
    assign_order(order_id=doing.subject_id, user=user, now=doing.now)
    return f"Assigned to {user or 'nobody'}"


def note(doing: Doing, values: Values) -> str:
    kind = NoteKind(values["kind"])
    add_note(order_id=doing.subject_id, text=values["text"], kind=kind, now=doing.now)
    return f"Noted ({kind.label.lower()})"


def allocate(doing: Doing, _values: Values) -> str:
    try:
        got = allocate_now(order_id=doing.subject_id, now=doing.now)
    except CannotFulfil:
        return "Waits for nothing"
    return f"{got} more set aside" if got else "Nothing is free for it yet"


def services() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in ShippingService.objects.values_list("pk", "name")]


def set_service(doing: Doing, values: Values) -> str:
    service_id = int(values["service"])
    order = set_shipping_service(order_id=doing.subject_id, service_id=service_id, now=doing.now)
    return f"To be sent with {order.shipping_method}"


def split(doing: Doing, values: Values) -> str:
    order = Order.objects.get(pk=doing.subject_id)
    lines = OrderLine.objects.filter(order=order).select_related("demand")
    units = {line.pk: _goes(line, values) for line in lines}
    taken = sum(units.values())
    if not taken:
        return "Not split: it has no such units"
    if taken == order.units_open and not order.units_shipped:
        return "Not split: that would be all of it"
    part = split_order(
        order_id=order.pk, units=units, reason=f"Rule “{doing.rule_name}”", now=doing.now
    )
    return f"{taken} units split off into {part.number}"


def _goes(line: OrderLine, values: Values) -> int:
    if values["what"] == WAITING:
        return line.demand.backordered if line.demand else 0
    return line.open if line.sku.casefold().startswith(values["sku"].strip().casefold()) else 0


def _check_split(values: Values) -> None:
    if values["what"] == BY_SKU and not values.get("sku", "").strip():
        raise BadRule("Say with what the SKU begins.", field="sku")


def _static(*choices: tuple[str, str]) -> Callable[[], list[tuple[str, str]]]:
    return lambda: list(choices)


TAGS = ActionField("tags", "Tags", longest=200, hint="Several are parted by commas.")
plug_actions(
    "order",
    Action(
        "orders.hold",
        "Hold the order",
        hold,
        fields=(
            ActionField("kind", "Kind of hold", ValueKind.CHOICE, _static(*HoldKind.choices)),
            ActionField("reason", "Reason"),
            ActionField(
                "days",
                "Ends after days",
                ValueKind.NUMBER,
                is_required=False,
                hint="Empty: until somebody releases it.",
            ),
        ),
        causes=(OrderHeld,),
        check=_check_days,
    ),
    Action(
        "orders.release",
        "Release holds",
        release,
        fields=(
            ActionField(
                "kind",
                "Which holds",
                ValueKind.CHOICE,
                _static((ANY_HOLD, "All of them"), *HoldKind.choices),
            ),
        ),
        causes=(HoldReleased, OrderReleased, OrderCompleted),
    ),
    Action(
        "orders.tag", "Tag the order", tag, fields=(TAGS,), causes=(OrderTagged,), check=_check_tags
    ),
    Action(
        "orders.untag",
        "Take tags off",
        untag,
        fields=(TAGS,),
        causes=(OrderTagged,),
        check=_check_tags,
    ),
    Action(
        "orders.assign",
        "Assign the order",
        assign,
        fields=(
            ActionField(
                "user", "To whom", ValueKind.CHOICE, lambda: [*people(), (NOBODY, "Nobody")]
            ),
        ),
        causes=(OrderAssigned,),
    ),
    Action(
        "orders.note",
        "Write a note",
        note,
        fields=(
            ActionField("kind", "Kind of note", ValueKind.CHOICE, _static(*NoteKind.choices)),
            ActionField(
                "text",
                "Text",
                is_long=True,
                longest=2000,
                hint="Colleagues named as @ada watch the order from then on.",
            ),
        ),
        causes=(OrderNoted, WatchersChanged),
    ),
    Action(
        "orders.allocate",
        "Ask for stock again",
        allocate,
        causes=(StockSetAside, BackorderFilled, DemandFilled, OrderReleased),
    ),
    Action(
        "orders.service",
        "Set the shipping service",
        set_service,
        fields=(ActionField("service", "Service", ValueKind.CHOICE, services),),
        causes=(OrderServiceSet,),
    ),
    Action(
        "orders.split",
        "Split the order",
        split,
        fields=(
            ActionField(
                "what",
                "What gets an order of its own",
                ValueKind.CHOICE,
                _static((WAITING, "Units that wait for stock"), (BY_SKU, "Lines by their SKU")),
            ),
            ActionField("sku", "SKU begins with", is_required=False, longest=60),
        ),
        causes=(
            OrderSplit,
            OrderSplitOff,
            OrderReleased,
            OrderCompleted,
            "payments.MoneyMoved",
        ),
        check=_check_split,
    ),
)
