"""The pages of sourcing rules and sending terms."""

import pytest
from django.urls import reverse

from core.models import StoredFact
from core.rights import Role
from orders.models import SendingTerms, SourcingRule
from orders.services import move_rule
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def sent(**more) -> dict[str, str]:
    return {"version": "0", "name": "Rule", "is_active": "on", "is_complete": "unknown", **more}


@pytest.fixture
def manager(client):
    client.force_login(make_user(Role.MANAGER))
    return client


def test_a_rule_is_written_read_and_switched_off(manager, shop):
    new = reverse("orders:sourcing_rule_new")
    values = sent(
        name="Swiss orders", countries="ch", tags="VIP", places="only",
        locations=[shop.store.pk], most_parcels="1", total_from="50", currency="eur",
    )  # fmt: skip
    assert manager.post(new, values).status_code == 302
    rule = SourcingRule.objects.get()
    assert (rule.position, rule.countries, rule.tags, rule.currency) == (1, ["CH"], ["vip"], "EUR")
    page = manager.get(reverse("orders:sourcing_rule_list")).content.decode()
    assert "Orders to CH, tagged vip, worth 50.00 EUR and more" in page
    assert "only from Munich store; 1 parcel at most" in page
    edit = reverse("orders:sourcing_rule_edit", args=[rule.pk])
    values.pop("is_active")
    version = manager.get(edit).context["version"]
    assert manager.post(edit, {**values, "version": version}).status_code == 302
    rule.refresh_from_db()
    assert (rule.is_active, rule.position) == (False, 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "__all__"),
        ({"places": "only"}, "locations"),
        ({"most_parcels": "1", "total_from": "5"}, "currency"),
        ({"most_parcels": "1", "total_from": "5", "total_below": "4", "currency": "EUR"}, "total_below"),
        ({"most_parcels": "1", "countries": "XX"}, "countries"),
        ({"leaves_within": "1", "most_parcels": "0"}, "most_parcels"),
    ],
)  # fmt: skip
def test_what_a_rule_cannot_say_is_refused_on_its_field(manager, shop, values, field):
    answer = manager.post(reverse("orders:sourcing_rule_new"), sent(**values))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_rules_are_moved(manager):
    _first, second = (
        SourcingRule.objects.create(name=name, position=place, most_parcels=1)
        for place, name in enumerate(("First", "Second"), start=1)
    )
    manager.post(reverse("orders:sourcing_rule_move", args=[second.pk]), {"way": "up"})
    assert [rule.name for rule in SourcingRule.objects.all()] == ["Second", "First"]
    move_rule(rule_id=second.pk, up=True)
    assert [rule.name for rule in SourcingRule.objects.all()] == ["Second", "First"]
    assert StoredFact.objects.get(name="orders.SourcingRuleChanged").sentence == (
        "Second: moved before First"
    )


def test_what_sending_costs_is_kept(manager, shop):
    values = {
        "version": "0", "location": shop.store.pk, "currency": "EUR", "per_parcel": "1.50",
        "per_unit": "0.20", "countries": "de, at", "sends_hazardous": "on",
    }  # fmt: skip
    assert manager.post(reverse("orders:sending_terms_new"), values).status_code == 302
    assert SendingTerms.objects.get().countries == ["AT", "DE"]
    page = manager.get(reverse("orders:sending_terms_list")).content.decode()
    assert "€1.50" in page


@pytest.mark.parametrize("rows", [1, 30])
def test_rules_are_listed_with_the_same_queries(manager, rows, django_assert_num_queries):
    for number in range(rows):
        SourcingRule.objects.create(name=f"Rule {number}", position=number, most_parcels=1)
    url = reverse("orders:sourcing_rule_list")
    manager.get(url)
    with django_assert_num_queries(5):
        manager.get(url)


def test_only_who_may_change_sourcing_sees_its_rules(client):
    client.force_login(make_user(Role.SALES))
    assert client.get(reverse("orders:sourcing_rule_list")).status_code == 403
