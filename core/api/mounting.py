"""One API made of rooms: its document in OpenAPI 3.1, its parser and its way of refusing."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import PathView

from core.api.problems import FieldProblem, Problem, answer_to
from core.api.reading import StrictParser
from core.api.rooms import Room

SECURITY = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, made under Settings or by ./run manage create_api_key.",
    }
}


class Api(NinjaAPI):
    """django-ninja with our refusals and our document."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        return answer_to(request, exc)

    def get_openapi_schema(self, **words: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**words)
        schemas = document["components"].setdefault("schemas", {})
        for shape in (FieldProblem, Problem):
            own = shape.model_json_schema(ref_template="#/components/schemas/{model}")
            own.pop("$defs", None)
            schemas[shape.__name__] = own
        document["components"]["securitySchemes"] = SECURITY
        return document


def mount(rooms: Sequence[Room], *, title: str, version: str, description: str) -> Api:
    """The API of these rooms; its `urls` go under /api/<version>/."""
    api = Api(
        title=title,
        version=version,
        description=description,
        docs_url=None,
        parser=StrictParser(),
        urls_namespace=f"api-{version}",
    )
    api.add_router("", _together(rooms))
    return api


def _together(rooms: Sequence[Room]) -> Router:
    """One router of all rooms: an address may be read in one and written in another."""
    whole = Router()
    for room in rooms:
        for path, view in room.path_operations.items():
            shared = whole.path_operations.setdefault(path, PathView())
            shared.operations.extend(view.operations)
    return whole
