"""Refusals of the API itself, before any verb runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one part of a request: a pointer into its body, or a parameter's name."""

    detail: str
    code: str
    pointer: str = ""
    parameter: str = ""


@dataclass
class Refused(Exception):
    """The request is answered with this problem; nothing was changed."""

    status: int
    code: str
    detail: str
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    existing: str = ""
