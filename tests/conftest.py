"""What every test may ask for."""

import pytest
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from core.invariants import audit
from core.rights import Role
from orders.selectors import promise_tables
from tests.cast import Shop, make_shop, make_user
from tests.chromium import chromium  # noqa: F401  (one browser for all tests of a worker)

# a busy machine must not fail a property: how long it takes says nothing about whether it holds
hypothesis_settings.register_profile(
    "calm", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("calm")


@pytest.fixture(autouse=True)
def calm_settings(settings):
    """No worker is woken, passwords hash fast enough, and nothing is kept from the test before."""
    promise_tables.forget()
    settings.OMS_WAKES_WORKERS = False
    settings.PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def invariants_hold(request):
    """After every test that touched the database, what must never be false is checked.

    The database is asked for here, so that the check runs before its rows are taken back.
    """
    marker = request.node.get_closest_marker("django_db")
    if marker is None and not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    transactional = "transactional_db" in request.fixturenames or (
        marker is not None and marker.kwargs.get("transaction")
    )
    request.getfixturevalue("transactional_db" if transactional else "db")
    yield
    if connection.needs_rollback or request.node.get_closest_marker("breaks_invariants"):
        return
    assert [(one.invariant.code, one.offences) for one in audit()] == []


@pytest.fixture
def shop(db) -> Shop:
    return make_shop()


@pytest.fixture
def sales(db):
    return make_user(Role.SALES)


@pytest.fixture
def manager(db):
    return make_user(Role.MANAGER)


@pytest.fixture
def as_manager(client, manager):
    """A browser-like client with a manager logged in."""
    client.force_login(manager)
    return client
