"""Whole numbers as a browser sends them: whatever no row or counter can bear is no number."""

from collections.abc import Iterable

LONGEST = 18  # digits; a bigint holds every number of so many


def whole_number(text: str) -> int | None:
    """The number that `text` spells in plain digits; None for all else, however long it is."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Those of the texts that are numbers, in their order."""
    return [number for text in texts if (number := whole_number(text)) is not None]
