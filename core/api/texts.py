"""Texts of requests: their lengths and the characters that can be stored."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from core.api.shapes import NO_NUL

Word = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=NO_NUL)]


def text_field(most: int) -> Any:
    """A field for a text of at most so many characters, empty where nothing is said."""
    return Field("", max_length=most, pattern=NO_NUL)
