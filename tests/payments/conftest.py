"""What the tests of payments may ask for."""

import pytest

from payments import gateways
from tests.payments.cast import FakeProvider


@pytest.fixture
def fake(monkeypatch) -> FakeProvider:
    """A provider elsewhere, known for one test."""
    provider = FakeProvider()
    monkeypatch.setitem(gateways._gateways, provider.code, provider)
    return provider
