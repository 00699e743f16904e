"""Postal addresses as values: copied onto whatever must remember them."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Address:
    """A postal address. `country` is ISO 3166-1 alpha-2; everything may be empty but the shape."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""

    @classmethod
    def from_json(cls, value: dict[str, Any] | None) -> "Address":
        """Read what `as_json` wrote; unknown keys are dropped."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: str(text) for key, text in (value or {}).items() if key in known})

    def as_json(self) -> dict[str, str]:
        """The filled parts only."""
        return {key: text for key, text in vars(self).items() if text}

    @property
    def is_empty(self) -> bool:
        return not self.as_json()

    @property
    def names_a_place(self) -> bool:
        """Whether it says where, not only who."""
        return bool(self.line1 or self.postal_code or self.city)
