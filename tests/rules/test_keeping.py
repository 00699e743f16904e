"""Writing rules: what is refused, loops above all, and how they are kept."""

import pytest

from core import editing
from core.errors import StaleEdit
from core.models import Rule, RuleVersion
from core.rules import keeping
from core.rules.errors import BadRule, RuleLoops
from tests.cast import NOON
from tests.rules.writing import TAG, cond, group, over, says, step, write

pytestmark = pytest.mark.django_db
NOTE = step("orders.note", kind="staff", text="Look")


def test_a_rule_that_would_start_itself_is_refused_with_the_way_it_goes():
    with pytest.raises(RuleLoops) as refused:
        write("Tags", when="orders.OrderTagged")
    assert refused.value.message == (
        "“Tag the order” leads to “Order tagged”, which starts this rule again, without an end."
        " Choose another event or another action."
    )
    assert refused.value.field == "trigger"
    assert not Rule.objects.exists()


def test_a_loop_through_other_rules_is_found_and_only_those_at_work_count():
    write("Second", when="orders.OrderNoted", then=[step("orders.assign", user="nobody")])
    resting = write("Third", when="orders.OrderAssigned", then=[TAG], on=False)
    write("First", when="orders.OrderTagged", then=[NOTE])
    with pytest.raises(RuleLoops) as refused:
        keeping.switch_on(rule_id=resting.pk)
    assert "which starts the rule “First”" in refused.value.message
    assert "which starts the rule “Second”" in refused.value.message
    keeping.switch_off(rule_id=Rule.objects.get(name="Second").pk)
    assert keeping.switch_on(rule_id=resting.pk).is_active


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        (says(when="orders.NeverHeardOf"), "trigger"),
        (says(when=""), "trigger"),
        (says(then=[]), "steps"),
        (says(then=[step("orders.explode")]), "action"),
        (says(then=[step("orders.tag", tags=" , ")]), "tags"),
        (says(then=[step("orders.hold", kind="whim", reason="x")]), "kind"),
        (says(then=[step("orders.hold", kind="fraud", reason="")]), "reason"),
        (says(then=[step("orders.hold", kind="fraud", reason="x", days="a")]), "days"),
        (says(then=[step("orders.split", what="sku")]), "sku"),
        (says(cond("order.nothing", "is", "x")), "field"),
        (says(cond("order.total", "is", "x")), "op"),
        (says(group("all", group("all"))), "match"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_field(definition, field):
    with pytest.raises(BadRule) as refused:
        keeping.add_rule(name="Odd", definition=definition, now=NOON)
    assert refused.value.field == field


def test_every_change_is_a_version_of_its_own_and_a_stale_one_is_refused():
    rule = write()
    version = editing.version_of(rule)
    keeping.change_rule(
        rule_id=rule.pk, name="Larger", definition=says(over("500")), version=version, now=NOON
    )
    with pytest.raises(StaleEdit):
        keeping.change_rule(
            rule_id=rule.pk, name="Other", definition=says(), version=version, now=NOON
        )
    rule.refresh_from_db()
    assert (rule.name, rule.number) == ("Larger", 2)
    assert keeping.definition_of(rule) == says(over("500"))
    assert RuleVersion.objects.filter(rule=rule).count() == 2


def test_rules_are_moved_copied_and_removed_and_names_are_taken_once():
    first, second = write("First"), write("Second")
    keeping.move_rule(rule_id=second.pk, is_up=True)
    keeping.move_rule(rule_id=second.pk, is_up=True)
    assert list(Rule.objects.values_list("name", flat=True)) == ["Second", "First"]
    copy = keeping.copy_rule(rule_id=first.pk, now=NOON)
    assert (copy.name, copy.is_active) == ("First (copy)", False)
    assert keeping.copy_rule(rule_id=first.pk, now=NOON).name == "First (copy 2)"
    with pytest.raises(BadRule):
        write("First")
    keeping.remove_rule(rule_id=first.pk, now=NOON)
    assert write("First").pk != first.pk
