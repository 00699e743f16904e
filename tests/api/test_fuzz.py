"""Whatever the document allows, sent as every kind of key: nothing breaks, and answers match it."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from oms.api import v1
from tests.api.things import make_things

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    (path, method.upper())
    for path, methods in v1.get_openapi_schema()["paths"].items()
    for method in methods
]
EXAMPLES = {"all": 3, "channel": 2, "reading": 1}  # of each operation, by kind of key


@pytest.fixture
def keys(program, shop):
    """A key of all scopes, one of a channel, and one that may only read orders."""
    return {
        "all": program().secret,
        "channel": program(channel=shop.web).secret,
        "reading": program("orders.see").secret,
    }


@pytest.fixture(autouse=True)
def one_connection():
    """Requests end on the connection of the test, which rolls all of it back."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_nothing_breaks_whatever_is_sent(shop, keys, part):
    ids = make_things(shop)
    for path, method in OPERATIONS[part::4]:
        for kind, examples in EXAMPLES.items():
            known = ids if kind == "all" else {}
            _try(schema[path][method], keys[kind], known, examples=examples)


def _try(operation, secret: str, ids: dict[str, int], *, examples: int) -> None:
    """Some requests to one operation; about things that there are, where `ids` names them."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def attempt(case):
        for name in case.path_parameters or {}:
            case.path_parameters[name] = ids.get(name, case.path_parameters[name])
        response = case.call(headers={"Authorization": f"Bearer {secret}"})
        case.validate_response(response, checks=CHECKS)

    attempt()
