"""Shapes that requests and answers share: strict input, amounts as text, ids, texts, pages."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar, get_args

from django.http import HttpRequest, HttpResponse
from ninja import Path, Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from core.api.errors import Refused
from core.clock import refuse_beyond_reach
from core.markup.people import country_codes
from core.money import quantise

Row = TypeVar("Row")
Reached = TypeVar("Reached", bound=date)
MOST_ID = 2**63 - 1
NO_NUL = r"^[^\x00]*$"
ISO_8601 = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _within_reach(day: Reached) -> Reached:
    try:
        refuse_beyond_reach(day)
    except ValueError as error:
        raise PydanticCustomError("out_of_reach", "{why}", {"why": str(error)}) from error
    return day


def _known_country(code: str) -> str:
    if code and code not in country_codes():
        raise PydanticCustomError(
            "unknown_country",
            "“{code}” is no country; use two letters such as DE.",
            {"code": code},
        )
    return code


def _no_boolean(value: Any) -> Any:
    """`true` is 1 to the parser, but nobody who sends it means a number."""
    if isinstance(value, bool):
        raise PydanticCustomError(
            "boolean_refused", "True or false is not taken here; give the value itself."
        )
    return value


def _written_out(value: Any) -> Any:
    """A number is seconds since 1970 to the parser, but nobody who sends it means that."""
    if isinstance(value, (int, float, Decimal)) or (
        isinstance(value, str) and not ISO_8601.match(value)
    ):
        raise PydanticCustomError(
            "not_iso_8601", "Write it out by ISO 8601, such as 2026-12-31 or 2026-12-31T14:30:00Z."
        )
    return value


NO_BOOLEAN = BeforeValidator(_no_boolean)
WRITTEN_OUT = BeforeValidator(_written_out)
Moment = Annotated[datetime, AfterValidator(_within_reach), WRITTEN_OUT]
Day = Annotated[date, AfterValidator(_within_reach), WRITTEN_OUT]

PathId = Annotated[int, Path(ge=1, le=MOST_ID)]
Id = Annotated[int, Field(ge=1, le=MOST_ID), NO_BOOLEAN]
Units = Annotated[int, Field(ge=0, le=1_000_000), NO_BOOLEAN]
Amount = Annotated[
    Decimal,
    Field(
        ge=0,
        lt=10**12,
        max_digits=16,
        decimal_places=4,
        description="An amount of money in the currency beside it, as text or number.",
    ),
]
Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
Country = Annotated[
    str, StringConstraints(pattern=r"^([A-Z]{2})?$"), AfterValidator(_known_country)
]


class Input(Schema):
    """What a request may say: nothing but the named fields."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def refuse_booleans(cls, value: Any, field: ValidationInfo) -> Any:
        """A boolean is taken only where one is meant; within lists, `NO_BOOLEAN` says so."""
        meant = cls.model_fields[field.field_name or ""].annotation
        return value if meant is bool or bool in get_args(meant) else _no_boolean(value)


class Output(Schema):
    """What an answer says."""


class Page(Output, Generic[Row]):
    """One stretch of a list; `next` is the cursor of the stretch after it, null at the end."""

    items: list[Row]
    next: str | None


def money(amount: Decimal, currency: str) -> str:
    """An amount as answers say it: text with the currency's own decimals."""
    return f"{quantise(amount, currency):f}"


def answer(
    body: Schema, *, status: int = 200, version: int | None = None, location: str = ""
) -> HttpResponse:
    """An answer; `version` becomes its ETag, `location` says where a new thing is."""
    response = HttpResponse(
        body.model_dump_json(), status=status, content_type="application/json; charset=utf-8"
    )
    if version is not None:
        response["ETag"] = f'"{version}"'
    if location:
        response["Location"] = location
    return response


def version_asked(request: HttpRequest) -> int | None:
    """The version that If-Match names, for verbs that refuse stale edits; None without the header."""
    header = request.headers.get("If-Match", "").strip()
    if header in {"", "*"}:
        return None
    digits = header.removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 18:
        raise Refused(
            412,
            "unknown_version",
            "If-Match does not name a version; send the ETag you were given.",
        )
    return int(digits)
