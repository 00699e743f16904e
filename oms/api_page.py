"""The API's document as a page: every operation, what it takes, answers and asks of a key."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.access import requires
from core.rights import SEE_BACK_OFFICE
from oms.api import v1

METHODS = ("get", "post", "put", "patch", "delete")


@requires(SEE_BACK_OFFICE)
@require_GET
def api_document(request: HttpRequest) -> HttpResponse:
    """What the API offers, read from the same document that programs read."""
    return render(request, "oms/api_document.html", _document())


@cache
def _document() -> dict[str, Any]:
    document = v1.get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                told = operations[method]
                groups.setdefault(told["tags"][0], []).append(_operation(method, path, told))
    schemas = document["components"]["schemas"]
    return {
        "groups": groups,
        "shapes": [_shape(name, schemas[name]) for name in sorted(schemas)],
    }


def _operation(method: str, path: str, told: dict[str, Any]) -> dict[str, Any]:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next(code for code in told["responses"] if int(code) < 300)
    answer = told["responses"][good].get("content", {}).get("application/json", {})
    return {
        "id": told["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": told["summary"],
        "description": told.get("description", ""),
        "scope": next((scopes[0] for one in told["security"] for scopes in one.values()), ""),
        "parameters": [
            {**one, "type": type_of(one["schema"]), "where": one["in"]}
            for one in told["parameters"]
        ],
        "body": type_of(body.get("schema", {})),
        "status": good,
        "answer": type_of(answer.get("schema", {})),
    }


def _shape(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    needed = schema.get("required", [])
    return {
        "name": name,
        "description": schema.get("description", ""),
        "choices": schema.get("enum", []),
        "fields": [
            {
                "name": field,
                "type": type_of(told),
                "is_required": field in needed,
                "description": told.get("description", ""),
            }
            for field, told in schema.get("properties", {}).items()
        ],
    }


def type_of(schema: dict[str, Any]) -> str:
    """A schema in a few words: “list of OrderRow”, “text or null”."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(type_of(one) for one in schema[several]))
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {type_of(schema.get('items', {})) or 'values'}"
    words = {"string": "text", "integer": "whole number", "object": "object", "boolean": "yes/no"}
    return words.get(kind, str(kind)) + (f" ({schema['format']})" if "format" in schema else "")
