"""Shapes that requests and answers share: strict input, amounts as text, ids, texts, pages."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Path, Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from core.api.errors import Refused
from core.money import quantise

Row = TypeVar("Row")
MOST_ID = 2**63 - 1
NO_NUL = r"^[^\x00]*$"
FIRST_YEAR, LAST_YEAR = 1900, 2199


def _within_reach(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"Give a moment of the years {FIRST_YEAR} to {LAST_YEAR}.")
    return moment


Moment = Annotated[datetime, AfterValidator(_within_reach)]

PathId = Annotated[int, Path(ge=1, le=MOST_ID)]
Id = Annotated[int, Field(ge=1, le=MOST_ID)]
Units = Annotated[int, Field(ge=0, le=1_000_000)]
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
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]


class Input(Schema):
    """What a request may say: nothing but the named fields."""

    model_config = ConfigDict(extra="forbid")


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
