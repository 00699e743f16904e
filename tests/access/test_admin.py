"""The admin: every model is there, and nothing that happened or moved can be rewritten in it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django_fsm import FSMFieldMixin

from core import outbox
from core.events import SessionsEnded
from core.models import ExternalOperation, StateChange, StoredFact
from core.repair import LedgerAdmin, is_ledger
from core.rights import Role
from tests.cast import make_user

OWN = ("core", "customers", "inventory", "orders", "payments", "shipping", "returns", "reports")


def own_models():
    return [model for app in OWN for model in apps.get_app_config(app).get_models()]


@pytest.fixture
def as_repairer(client, db):
    client.force_login(make_user(Role.ADMIN, is_staff=True))
    return client


def test_every_model_is_registered():
    assert [model.__name__ for model in own_models() if not admin.site.is_registered(model)] == []


def test_every_ledger_is_read_only():
    ledgers = [model for model in own_models() if is_ledger(model)]
    assert StoredFact in ledgers
    assert StateChange in ledgers
    for model in ledgers:
        assert isinstance(admin.site.get_model_admin(model), LedgerAdmin)


@pytest.mark.django_db
def test_a_ledger_can_be_neither_added_to_changed_nor_emptied(as_repairer, agent):
    with transaction.atomic():
        fact = outbox.publish(SessionsEnded(user_id=agent.pk))
    base = "/admin/core/storedfact/"
    assert as_repairer.get(f"{base}{fact.pk}/change/").status_code == 200
    assert as_repairer.get(f"{base}add/").status_code == 403
    assert as_repairer.post(f"{base}{fact.pk}/change/", {"sentence": "x"}).status_code == 403
    assert as_repairer.post(f"{base}{fact.pk}/delete/", {"post": "yes"}).status_code == 403


def test_states_of_machines_are_shown_and_not_set():
    for model in own_models():
        states = [
            field.name for field in model._meta.concrete_fields if isinstance(field, FSMFieldMixin)
        ]
        shown = admin.site.get_model_admin(model).get_readonly_fields(None)
        assert not set(states) - set(shown)
    assert "state" in admin.site.get_model_admin(ExternalOperation).get_readonly_fields(None)


@pytest.mark.django_db
def test_every_list_and_form_opens(as_repairer):
    broken = []
    for model in own_models():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for path in (base, f"{base}?q=1", f"{base}add/"):
            status = as_repairer.get(path).status_code
            if status not in {200, 403}:
                broken.append((path, status))
    assert broken == []
