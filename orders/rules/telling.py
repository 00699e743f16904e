"""Mail that rules send about orders: to the customer or to colleagues."""

from collections.abc import Mapping
from zlib import crc32

from core import messages
from core.models import User
from core.rules.kinds import ValueKind
from core.rules.registry import Action, ActionField, Doing, plug_actions
from orders.messages import RULE_MAIL, variables_of
from orders.models import Order
from orders.rights import SEE_ORDERS

CUSTOMER, ASSIGNEE = "customer", "assignee"


def receivers() -> list[tuple[str, str]]:
    staff = [user for user in User.objects.active() if user.has_right(SEE_ORDERS)]
    return [
        (CUSTOMER, "The customer"),
        (ASSIGNEE, "Whom the order is assigned to"),
        *((str(user.pk), str(user)) for user in staff),
    ]


def send_mail(doing: Doing, values: Mapping[str, str]) -> str:
    """Queue a message; it goes out after the commit, and stands on the order's page. The run keeps
    neither its address nor its subject as it was filled.
    """
    order = Order.objects.select_related("assignee").get(pk=doing.subject_id)
    address = _address(order, values["to"])
    if not address:
        return "No mail: nobody has an address for it"
    told = variables_of(order.pk)
    messages.queue(
        RULE_MAIL,
        subject_id=order.pk,
        to=address,
        variables={
            **told,
            "subject": _filled(values["subject"], told),
            "text": _filled(values["text"], told),
        },
        dedupe=f"rule:{doing.rule_id}:{doing.occasion}:{order.pk}:{_told_apart(values)}",
        language=order.language if values["to"] == CUSTOMER else "",
        channel_id=order.channel_id,
    )
    return f"Mail to {_whom(values['to'])}: {values['subject']}"


def _whom(to: str) -> str:
    """Who got it, without an address: what rules did is kept for good."""
    if to == CUSTOMER:
        return "the customer"
    if to == ASSIGNEE:
        return "whom the order is assigned to"
    return str(User.objects.get(pk=to))


def _told_apart(values: Mapping[str, str]) -> str:
    """What tells the mails of one rule apart: to whom each goes, and what it says."""
    return f"{crc32('|'.join((values['to'], values['subject'], values['text'])).encode()):08x}"


def _address(order: Order, to: str) -> str:
    if to == CUSTOMER:
        return order.email
    if to == ASSIGNEE:
        return order.assignee.email if order.assignee else ""
    user = User.objects.active().filter(pk=to).first()
    return user.email if user else ""


def _filled(text: str, told: Mapping[str, object]) -> str:
    """The text with {order} and {customer} put in; whatever else stands in braces stays."""
    return (
        text.replace("{order}", str(told["order_number"]))
        .replace("{customer}", str(told["customer_name"]))
        .strip()
    )


plug_actions(
    "order",
    Action(
        "orders.mail",
        "Send a mail",
        send_mail,
        fields=(
            ActionField("to", "To", ValueKind.CHOICE, receivers),
            ActionField(
                "subject",
                "Subject",
                longest=150,
                hint="{order} becomes the number, {customer} the name.",
            ),
            ActionField("text", "Text", is_long=True, longest=4000),
        ),
    ),
)
