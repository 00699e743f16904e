"""Reading cells: text, amounts, whole numbers, moments, yes and no, countries; never a guess."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale

from core.markup.people import country_codes
from oms.intake.findings import Findings, shown

YES = frozenset({"yes", "true", "1", "y", "ja", "oui", "si", "sí"})
NO = frozenset({"", "no", "false", "0", "n", "nein", "non"})
SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE][+-]?\d+$", re.ASCII)
SPACES = re.compile(r"[\s\u00a0\u2007\u202f']")
AMOUNT = re.compile(r"^-?\d{1,13}(?:\.\d{1,10})?$", re.ASCII)
EMAIL = re.compile(r"^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}$")
FORMULA_STARTS = ("=", "+", "-", "@", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "\t")
COUNTRY_WORDS = {"UK": "GB", "USA": "US", "U.S.A.": "US", "HOLLAND": "NL", "ENGLAND": "GB"}


class Row(Protocol):
    """A row of a table: the line of the file where it begins, and its cells by column."""

    @property
    def number(self) -> int: ...

    @property
    def values(self) -> Mapping[str, str]: ...


class Cells:
    """The cells of one row. A cell that cannot be read is an error among the findings, and reads as
    its empty value, so that the other cells are looked at too. `latest` is the last moment that a
    cell may tell, where the source tells only what has happened.
    """

    __slots__ = ("findings", "latest", "number", "values")

    def __init__(self, row: Row, findings: Findings, *, latest: datetime | None = None) -> None:
        self.latest = latest
        self.number = row.number
        self.values = row.values
        self.findings = findings

    def raw(self, column: str) -> str:
        return clean(self.values.get(column, ""))

    def text(self, column: str, *, most: int = 200, may_break: bool = False) -> str:
        """Words, on one line unless they `may_break`; longer than the field is wide they are cut,
        and that is said.
        """
        words = self.raw(column)
        if not may_break and len(words.splitlines()) > 1:
            words = " ".join(words.split())
        if len(words) <= most:
            return words
        self.findings.warn(
            self.number,
            column,
            "cut",
            f"{len(words):,} characters are more than the {most} that fit; cut to {shown(words)}.",
        )
        return words[:most]

    def key(self, column: str, *, most: int) -> str:
        """Text that names something: it is never cut, and never taken for a number."""
        words = self.raw(column)
        if len(words) > most:
            self.findings.error(
                self.number, column, "too_long", found=words, expected=f"at most {most} characters"
            )
            return ""
        return words

    def amount(self, column: str, *, decimal: str = "", may_be_negative: bool = False) -> Decimal:
        """An amount of money or a rate; an empty cell is 0. See `read_amount`."""
        found = self.optional_amount(column, decimal=decimal, may_be_negative=may_be_negative)
        return Decimal(0) if found is None else found

    def optional_amount(
        self, column: str, *, decimal: str = "", may_be_negative: bool = False
    ) -> Decimal | None:
        words = self.raw(column)
        if not words:
            return None
        value = read_amount(words, decimal=decimal)
        if value is None:
            self.findings.error(
                self.number,
                column,
                "not_an_amount",
                found=words,
                expected="an amount such as 12.50",
            )
            return None
        if value < 0 and not may_be_negative:
            self.findings.error(
                self.number, column, "negative", found=words, expected="an amount of 0 or more"
            )
            return None
        return value

    def whole(self, column: str, *, least: int = 0, most: int = 1_000_000) -> int | None:
        """A whole number; “2.0” is 2. None for what is none."""
        words = self.raw(column)
        value = read_amount(words)
        if value is None or value != int(value) or not least <= value <= most:
            self.findings.error(
                self.number,
                column,
                "not_a_quantity",
                found=words,
                expected=f"a whole number from {least} to {most:,}",
            )
            return None
        return int(value)

    def moment(
        self, column: str, *, zone: ZoneInfo, formats: Sequence[str] = (), is_needed: bool = False
    ) -> datetime | None:
        """A moment; one without an offset is in the store's zone. See `read_moment`."""
        words = self.raw(column)
        if not words and not is_needed:
            return None
        value = read_moment(words, zone, tuple(formats))
        if value is None:
            example = formats[0] if formats else "2026-01-31 14:30:00 +0100"
            self.findings.error(
                self.number, column, "not_a_date", found=words, expected=f"a date such as {example}"
            )
        elif self.latest is not None and value > self.latest:
            self.findings.error(
                self.number, column, "in_future", found=words, expected="a moment that has come"
            )
            return None
        return value

    def day(self, column: str, *, zone: ZoneInfo, since: date) -> date | None:
        """A day by the store's clock, or nothing with a warning: a wish that cannot be read, or that
        had passed `since` then, must not lose an order.
        """
        words = self.raw(column)
        if not words:
            return None
        value = read_moment(words, zone)
        day = value.astimezone(zone).date() if value else None
        if day is not None and day >= since:
            return day
        why = "had passed as it was placed" if day else "is no day such as 2026-12-31"
        self.findings.warn(
            self.number,
            column,
            "no_day_to_come",
            f"found {shown(words)}, which {why}; the order goes in without it.",
        )
        return None

    def flag(self, column: str, *, default: bool = False) -> bool:
        words = self.raw(column).lower()
        if words in YES:
            return True
        if words in NO:
            return default if not words else False
        self.findings.error(
            self.number, column, "not_yes_or_no", found=words, expected="yes or no (true or false)"
        )
        return default

    def email(self, column: str) -> str:
        """An address, or nothing with a warning: a mistyped one must not lose an order."""
        words = self.raw(column)
        if not words or (len(words) <= 254 and EMAIL.match(words)):
            return words
        self.findings.warn(
            self.number,
            column,
            "bad_email",
            f"found {shown(words)}, which is no e-mail address; the order goes in without it.",
        )
        return ""

    def country(self, column: str) -> str:
        """A country's code from its code or name, or nothing with a warning."""
        words = self.raw(column)
        code = country_code(words)
        if words and not code:
            self.findings.warn(
                self.number,
                column,
                "unknown_country",
                f"found {shown(words)}, which is no country known here; the order goes in without"
                " it, so mend its address.",
            )
        return code


def clean(text: str) -> str:
    """A cell without its margins, without NUL, and without the apostrophe by which spreadsheets and
    safe exports keep numbers and formulas as text.
    """
    words = text.replace("\x00", "").strip()
    if words.startswith("'") and words[1:].startswith(FORMULA_STARTS):
        return words[1:].strip()
    return words


def read_amount(text: str, *, decimal: str = "") -> Decimal | None:
    """A number as people and spreadsheets write it; None for anything in doubt.

    `decimal` is the decimal mark. Without it both are understood where only one reading is
    possible: “1.234,56” and “1,234.56” and “12,5”, but not “1,234”.
    """
    if decimal != "," and AMOUNT.match(text):
        return Decimal(text)
    words = SPACES.sub("", text)
    if decimal:
        words = words.replace("." if decimal == "," else ",", "").replace(decimal, ".")
    elif "," in words and "." in words:
        first, last = (",", ".") if words.rfind(".") > words.rfind(",") else (".", ",")
        if words.count(last) > 1:
            return None
        words = words.replace(first, "").replace(last, ".")
    elif words.count(",") == 1 and len(words) - words.index(",") != 4:
        words = words.replace(",", ".")
    return Decimal(words) if AMOUNT.match(words) else None


@lru_cache(maxsize=8192)
def read_moment(text: str, zone: ZoneInfo, formats: tuple[str, ...] = ()) -> datetime | None:
    """A moment in one of the formats (strptime), else by ISO 8601 as databases and shops write it."""
    value: datetime | None = None
    for pattern in formats:
        try:
            value = datetime.strptime(text, pattern)  # noqa: DTZ007  (the zone is added below)
            break
        except ValueError:
            continue
    if value is None and not formats:
        words = re.sub(r"\s+UTC$", "+00:00", text)
        words = re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", words)
        try:
            value = datetime.fromisoformat(words)
        except ValueError:
            return None
    if value is None or not date(1970, 1, 1) <= value.date() <= date(2100, 1, 1):
        return None
    return value if value.tzinfo else value.replace(tzinfo=zone)


@lru_cache(maxsize=1024)
def country_code(text: str) -> str:
    """The ISO code of a country given by code or by its name in English; empty when unknown."""
    words = text.strip().upper()
    words = COUNTRY_WORDS.get(words, words)
    return words if words in country_codes() else _codes_by_name().get(words, "")


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    names = Locale("en").territories
    return {names[code].upper(): code for code in country_codes()}
