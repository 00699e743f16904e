"""Commands that check the system: their words, their JSON and their exit codes."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command

from core import auditing, invariants
from core.invariants import Invariant
from core.models import AttentionItem


@pytest.fixture
def broken(monkeypatch):
    """One invariant that holds and one that two rows break."""
    rows = [{"order_id": 7, "off": 2}, {"order_id": 9, "off": 1}]
    checks = [
        Invariant("T1", "Always true.", list),
        Invariant("T2", "Never broken.", lambda: list(rows)),
    ]
    monkeypatch.setattr(invariants, "_invariants", checks)
    yield rows
    monkeypatch.undo()


def run(name, *args):
    out, code = StringIO(), 0
    try:
        call_command(name, *args, stdout=out, stderr=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue()


def test_every_invariant_has_a_code_of_its_own():
    codes = [one.code for one in invariants.all_invariants()]
    assert sorted(set(codes)) == sorted(codes)
    assert [code for code in codes if not re.fullmatch("[SOPFREXA][1-9][0-9]?[b-z]?", code)] == []
    with pytest.raises(ValueError, match="two invariants have the code S1"):
        invariants.sql_invariant("S1", "Another rule.", "SELECT 1")


@pytest.mark.django_db
def test_all_that_holds_ends_with_nought():
    code, words = run("audit_invariants")
    assert code == 0
    assert "invariants hold." in words


def test_what_is_broken_ends_with_one_and_names_the_rows(broken):
    code, words = run("audit_invariants")
    assert code == 1
    assert "T2: Never broken." in words
    assert "order_id 7, off 2" in words
    assert "T1" not in words


def test_machines_get_one_object(broken):
    code, words = run("audit_invariants", "--json")
    assert code == 1
    assert json.loads(words) == {
        "checked": ["T1", "T2"],
        "broken": [{"code": "T2", "sentence": "Never broken.", "offences": broken}],
        "ok": False,
    }


def test_single_checks_can_be_named(broken):
    assert run("audit_invariants", "T1")[0] == 0
    assert run("audit_invariants", "T9")[0] == 2


@pytest.mark.django_db
@pytest.mark.breaks_invariants
def test_the_nightly_check_waits_on_home_until_it_is_mended(broken):
    auditing.audit_and_alert()
    auditing.audit_and_alert()
    item = AttentionItem.objects.get(kind=auditing.KIND)
    assert item.title == "T2 is broken 2 times"
    assert "order_id 7" in item.detail
    broken.clear()
    auditing.audit_and_alert()
    item.refresh_from_db()
    assert item.resolved_at is not None


def test_the_map_of_events_prints():
    code, words = run("event_map")
    assert code == 0
    assert "### core.PasswordLinkAsked" in words
    assert "- `core.handlers.send_password_link`" in words


def test_the_map_of_access_prints():
    code, words = run("access_map")
    assert code == 0
    assert "| `/settings/users/` | core.users |" in words
