"""What rules can do about whatever thing: put it before people, have it told to systems elsewhere."""

from collections.abc import Mapping

from core import attention, outbox
from core.errors import NotPossible
from core.events import RuleCalled
from core.models import AttentionItem, EndpointStatus, WebhookDelivery, WebhookEndpoint
from core.queue import wake_on_commit
from core.rules.kinds import ValueKind
from core.rules.registry import Action, ActionField, Doing, plug_everywhere

TOLD = "rule_told"


def endpoints() -> list[tuple[str, str]]:
    """The endpoints of webhooks that may be told."""
    rows = WebhookEndpoint.objects.exclude(status=EndpointStatus.DISABLED).order_by("name", "id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def tell_people(doing: Doing, values: Mapping[str, str]) -> str:
    """Put the thing into Needs attention, until somebody says on its page that it is done. What another
    rule put there before is not lost.
    """
    words = values["words"].strip()
    title, detail = f"{doing.label}: {words}", f"Rule “{doing.rule_name}”"
    waiting = AttentionItem.objects.filter(
        kind=TOLD, subject_type=doing.subject, subject_id=doing.subject_id, resolved_at=None
    ).first()
    if waiting is not None and waiting.title != title:
        title, detail = waiting.title, f"{waiting.detail} · {words} (rule “{doing.rule_name}”)"
    attention.raise_item(
        kind=TOLD,
        subject_type=doing.subject,
        subject_id=doing.subject_id,
        title=title,
        detail=detail,
        url=doing.url,
    )
    return f"Put into Needs attention: {words}"


def call_webhook(doing: Doing, values: Mapping[str, str]) -> str:
    """State the fact that one endpoint is told of the thing, and queue it for that endpoint alone: it
    is called after the commit, signed, logged and tried again as all of its events are.
    """
    endpoint = WebhookEndpoint.objects.filter(pk=values["endpoint"]).first()
    if endpoint is None or endpoint.status == EndpointStatus.DISABLED:
        raise NotPossible(
            "The webhook that the rule calls was disabled; resume it or change the rule."
        )
    fact = outbox.publish(
        RuleCalled(
            rule_id=doing.rule_id,
            endpoint=endpoint.name,
            about=doing.label,
            about_type=doing.subject,
            about_id=doing.subject_id,
            channel_id=doing.channel_id,
            event=doing.fact_name,
            code=values.get("code", "").strip(),
        )
    )
    WebhookDelivery.objects.bulk_create(
        [WebhookDelivery(endpoint=endpoint, fact=fact, next_attempt_at=doing.now)],
        ignore_conflicts=True,
    )
    wake_on_commit("core.send_webhooks")
    return f"{endpoint.name} is told by webhook"


plug_everywhere(
    Action(
        "core.tell_people",
        "Put before people",
        tell_people,
        fields=(
            ActionField(
                "words",
                "What to look at",
                longest=150,
                hint="It stands in Needs attention until somebody says that it is done.",
            ),
        ),
    ),
    Action(
        "core.call_webhook",
        "Call a webhook",
        call_webhook,
        fields=(
            ActionField("endpoint", "Which", ValueKind.CHOICE, endpoints),
            ActionField(
                "code",
                "A word for the receiver",
                is_required=False,
                longest=60,
                hint="It is sent as “code”, to tell what is meant.",
            ),
        ),
        causes=(RuleCalled,),
    ),
)
