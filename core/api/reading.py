"""Reading a request's body: JSON as RFC 8259 means it, within limits, and text that can be stored."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from core.api.errors import FieldError, Refused

MOST_BYTES = 2 * 1024 * 1024
MOST_DEPTH = 32
MOST_DIGITS = 100
OPENERS = (b"[", b"{")
# the escapes by which NUL and halves of surrogate pairs are written
SUSPECT = (b"\\u0000", b"\\ud", b"\\uD")


def check_size(request: HttpRequest) -> None:
    """Refuse what is too large before any of it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Refused(
            413, "too_large", f"A body may have {MOST_BYTES // 1024 // 1024} MB; send it in parts."
        )


def read_json(body: bytes) -> Any:
    """The value of a JSON text; numbers with a point are exact decimals. Raises Refused.

    Not JSON here: a name twice in one object, NaN and Infinity, numbers beyond all measure, more than
    32 levels, NUL, and halves of surrogate pairs.
    """
    try:
        value = json.loads(
            body,
            object_pairs_hook=_pairs,
            parse_constant=_constant,
            parse_float=_decimal,
            parse_int=_whole,
        )
    except Refused:
        raise
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:  # bad syntax, and bytes that are no UTF-8
        raise _bad(f"The body is no JSON: {str(error)[:200]}.", "bad_json") from error
    if sum(body.count(one) for one in OPENERS) > MOST_DEPTH:
        _check_depth(value)
    if any(one in body for one in SUSPECT):
        _check_texts(value)
    return value


class StrictParser(Parser):
    """What django-ninja reads bodies with."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Refused(
                415, "not_json", "Send the body as JSON, with “Content-Type: application/json”."
            )
        return read_json(request.body)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _bad(f"“{twice[:100]}” stands twice in one object; send it once.", "name_twice")
    return value


def _constant(word: str) -> Any:
    raise _bad(f"{word} is no number in JSON; send a number or null.", "bad_number")


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise _bad("A number is beyond all measure.", "bad_number") from error
    if len(text) > MOST_DIGITS or abs(value.adjusted()) > MOST_DIGITS:
        raise _bad("A number is beyond all measure.", "bad_number")
    return value


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise _bad("A number is beyond all measure.", "bad_number")
    return int(text)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise _too_deep()


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _check_texts(value: Any) -> None:
    for pointer, text in _texts(value, "#"):
        if "\x00" in text or not _is_whole(text):
            raise Refused(
                422,
                "invalid",
                "A text holds a character that cannot be stored.",
                errors=[
                    FieldError(
                        "Take NUL and lone surrogates out of this text.", "bad_text", pointer
                    )
                ],
            )


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Every text of a value, names included, with where it stands."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield pointer, name
            yield from _texts(inner, f"{pointer}/{_escaped(name)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{pointer}/{index}")


def _escaped(name: str) -> str:
    text = name if _is_whole(name) and "\x00" not in name else "?"
    return text.replace("~", "~0").replace("/", "~1")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bad(detail: str, code: str) -> Refused:
    return Refused(400, code, detail)


def _too_deep() -> Refused:
    return _bad(f"The body is nested deeper than {MOST_DEPTH} levels.", "too_deep")
