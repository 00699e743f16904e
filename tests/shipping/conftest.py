"""Fixtures of shipping's tests."""

import pytest

from tests.shipping.factories import make_picker, make_service


@pytest.fixture
def service(db):
    return make_service()


@pytest.fixture
def stocked(shop, service):
    """The shop with ten of everything in the warehouse, and a service to send with."""
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 10)
    return shop


@pytest.fixture
def picker(shop):
    return make_picker(shop.warehouse)


@pytest.fixture
def as_picker(client, picker):
    client.force_login(picker)
    return client
