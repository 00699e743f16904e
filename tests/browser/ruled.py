"""Rules in every state that looks different: on with runs, off, paused by its failures."""

from collections.abc import Iterator

from django.utils import timezone

from core import attention
from core.jobs import run_here
from core.models import Rule, RuleRun
from core.rules import keeping
from tests.cast import Shop
from tests.rules.writing import cond, group, over, says, step, write

WITHOUT_ARGUMENTS = ("rule_list", "rule_new", "rule_run_list")


def rule(shop: Shop) -> None:
    """One that ran for some orders and passed over others, one that rests, one that was paused."""
    large = write(
        "Large orders",
        over("20"),
        group("same", cond("line.sku", "is", "MUG"), cond("line.quantity", "at_least", "1")),
        then=[step("orders.tag", tags="large"), step("core.tell_people", words="look at it")],
        stops=True,
    )
    run_here("core.run_rule", params={"rule_id": large.pk})
    keeping.add_rule(
        name="Gifts go to the desk",
        definition=says(
            cond("order.channel", "one_of", str(shop.web.pk)),
            group("any", cond("order.tags", "is", "gift"), cond("order.noted", "yes")),
            then=[step("orders.hold", kind="operator", reason="Wrap it", days="2")],
        ),
        now=timezone.now(),
    )
    paused = write("Tell the partner", then=[step("orders.note", kind="staff", text="Told")])
    reason = "It failed 5 times in a row. The webhook that the rule calls was disabled."
    Rule.objects.filter(pk=paused.pk).update(is_active=False, failures=5, paused_reason=reason)
    attention.raise_item(
        kind=keeping.PAUSED,
        subject_type="rule",
        subject_id=paused.pk,
        title="The rule “Tell the partner” was paused",
        detail=reason,
        url=f"/rules/{paused.pk}/",
    )


def pages(page) -> Iterator[tuple[str, str]]:
    """The pages of each of them."""
    for pk in Rule.objects.values_list("pk", flat=True):
        yield page("rule_detail", pk)
        yield page("rule_edit", pk)
    yield page("rule_preview", Rule.objects.get(name="Gifts go to the desk").pk)
    yield page("orders:order_detail", RuleRun.objects.filter(outcome="done").first().subject_id)
