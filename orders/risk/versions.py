"""A version of the rules as values: what each rule weighs, and from where on an order waits."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orders.risk.rules import RULES, rule_named


@dataclass(frozen=True, slots=True)
class Weight:
    """What one rule weighs in a version, and its limit there."""

    code: str
    points: int
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """Weights and thresholds. Scores from `review_at` are looked at, from `hold_at` they are held."""

    weights: tuple[Weight, ...]
    review_at: int
    hold_at: int

    @property
    def digest(self) -> str:
        """What it says, whatever the order of its rules: alike for versions that decide alike."""
        plain = sorted((one.code, one.points, one.limit) for one in self.weights)
        told = json.dumps([plain, self.review_at, self.hold_at])
        return hashlib.sha256(told.encode()).hexdigest()


def version_of(weights: Mapping[str, Mapping[str, Any]], review_at: int, hold_at: int) -> Version:
    """A version from {code: {points, limit}}; rules that are no longer known are left out."""
    return Version(
        tuple(
            Weight(code, int(told["points"]), int(told.get("limit", 0)))
            for code, told in sorted(weights.items())
            if rule_named(code)
        ),
        review_at,
        hold_at,
    )


def first_weights() -> dict[str, dict[str, int]]:
    """What a shop's first version begins with."""
    return {rule.code: {"points": rule.points, "limit": rule.limit} for rule in RULES}
