"""Programs that call the API, and keys for them."""

import json

import pytest
from django.test import Client as HttpClient
from django.urls import get_resolver

from core.api.keys import create_api_key
from tests.cast import NOON


class Program:
    """A program with a key; its calls answer with the response, and `told` is the JSON in it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.http = HttpClient(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **query):
        return self.http.get(f"/api/v1{path}", query)

    def send(self, path: str, body=None, *, method: str = "post", key: str = "", match: str = ""):
        headers = {"Idempotency-Key": key} if key else {}
        headers |= {"If-Match": match} if match else {}
        return getattr(self.http, method)(
            f"/api/v1{path}",
            body if isinstance(body, bytes) else json.dumps({} if body is None else body),
            content_type="application/json",
            headers=headers,
        )


@pytest.fixture
def program(db):
    """Makes programs: their scopes, and a channel or none."""
    get_resolver().url_patterns  # noqa: B018  (scopes are known once the operations are mounted)

    def make(*scopes: str, channel=None, per_minute: int = 1_000_000) -> Program:
        _, secret = create_api_key(
            name="Shop",
            scopes=scopes or ["*"],
            channel=channel,
            per_minute=per_minute,
            now=NOON,
        )
        return Program(secret)

    return make
