"""Settings: changed by admins, told on a timeline, and never overwritten unseen."""

import pytest

from core.models import Channel, LegalEntity, StoredFact
from core.rights import Role
from tests.cast import make_user

pytestmark = pytest.mark.django_db

ENTITY = {
    "code": "main",
    "name": "Quay Goods GmbH",
    "country": "de",
    "invoice_prefix": "INV-",
    "credit_note_prefix": "CN-",
    "version": "0",
}


@pytest.fixture
def entity(as_admin):
    as_admin.post("/settings/legal-entities/new/", ENTITY)
    return LegalEntity.objects.get()


def version_in(page: str) -> str:
    return page.partition('name="version" value="')[2].partition('"')[0]


def test_a_new_setting_is_kept_and_told(entity, admin):
    assert (entity.name, entity.country) == ("Quay Goods GmbH", "DE")
    fact = StoredFact.objects.get()
    assert (fact.sentence, fact.actor_label) == ("Quay Goods GmbH: created", str(admin))


def test_a_change_says_from_what_to_what_and_who(as_admin, entity, admin):
    path = f"/settings/legal-entities/{entity.pk}/"
    version = version_in(as_admin.get(path).content.decode())
    as_admin.post(path, {**ENTITY, "country": "DE", "city": "Kiel", "version": version})
    assert StoredFact.objects.order_by("-id")[0].changes == {"city": ["", "Kiel"]}
    page = as_admin.get(path).content.decode()
    assert f"Last changed by {admin}" in page


def test_a_stale_form_is_refused_with_what_changed_and_keeps_what_was_typed(as_admin, entity):
    path = f"/settings/legal-entities/{entity.pk}/"
    version = version_in(as_admin.get(path).content.decode())
    first = {**ENTITY, "country": "DE", "city": "Kiel", "version": version}
    as_admin.post(path, first)
    response = as_admin.post(path, {**first, "city": "Bremen"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "city: – → Kiel" in page
    assert 'value="Bremen"' in page
    assert version_in(page) == version  # sending it twice overrules nobody
    entity.refresh_from_db()
    assert entity.city == "Kiel"


def test_a_form_that_changes_nothing_tells_nothing(as_admin, entity):
    path = f"/settings/legal-entities/{entity.pk}/"
    version = version_in(as_admin.get(path).content.decode())
    as_admin.post(path, {**ENTITY, "country": "DE", "version": version})
    assert StoredFact.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("currency", "XYZ1", "At most 3 characters"),
        ("currency", "QQQ", "is no currency"),
        ("time_zone", "Mars/Olympus", "is no time zone"),
        ("unpaid_days", "0", "Give 1 or more"),
    ],
)
def test_a_wrong_channel_is_refused_beside_its_field(as_admin, entity, field, value, sentence):
    sent = {
        "code": "web",
        "name": "Web",
        "kind": "web",
        "legal_entity": entity.pk,
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "stock_buffer": "0",
        "unpaid_days": "14",
        field: value,
    }
    response = as_admin.post("/settings/channels/new/", sent)
    assert response.status_code == 422
    assert sentence in " ".join(response.context["form"].errors[field])
    assert not Channel.objects.exists()


def test_the_index_lists_the_pages_one_may_open(as_admin, client, agent):
    page = as_admin.get("/settings/").content.decode()
    for label in ("Legal entities", "Channels", "Users", "Roles"):
        assert label in page
    client.force_login(agent)
    assert "Legal entities" not in client.get("/settings/").content.decode()


def test_the_menu_leads_to_settings_whoever_may_open_one_of_their_pages(client):
    client.force_login(make_user(Role.MANAGER))
    page = client.get("/").content.decode()
    assert 'href="/settings/"' in page
    assert "Tax rates" in client.get("/settings/").content.decode()
    client.force_login(make_user(Role.WAREHOUSE))
    assert 'href="/settings/"' not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("prefixes", "sentence"),
    [
        (("CN-", "X-"), "Quay Goods GmbH numbers its papers with CN-"),
        (("X-", "X-"), "Invoices begin so already"),
        (("X1", "Y-"), "End it with a letter or a mark, such as X1-"),
    ],
)
def test_no_two_entities_number_their_papers_alike(as_admin, entity, prefixes, sentence):
    sent = {
        **ENTITY,
        "code": "uk",
        "invoice_prefix": prefixes[0],
        "credit_note_prefix": prefixes[1],
    }
    refused = as_admin.post("/settings/legal-entities/new/", sent)
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
