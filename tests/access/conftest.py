"""What the tests of access share: a cache of their own and people who can sign in."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.rights import Role
from tests.cast import make_user

PASSWORD = "a long quiet sentence"


@pytest.fixture(autouse=True)
def own_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def admin(db):
    return make_user(Role.ADMIN, password=PASSWORD)


@pytest.fixture
def agent(db):
    return make_user(Role.SALES, password=PASSWORD, name="Sam Sales")


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def queries_of(client):
    """How many statements a page of the signed-in client costs."""

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    return count
