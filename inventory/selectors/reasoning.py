"""Why something is suggested, in words and figures."""

from collections.abc import Mapping
from typing import Any

from inventory.models import Suggestion
from inventory.states import SuggestionKind


def reasoning(suggestion: Suggestion) -> str:
    """“Sells 1.3 a day, 14 days to come, 95 % target: order up to 31; 6 here, 4 coming; 21 missing,
    rounded up to 2 cases of 12.” Reads the source: select it along.
    """
    figures: Mapping[str, Any] = suggestion.reasons
    said = [
        f"{_sells(figures)}, {_days(figures['lead_days'])} to come,"
        f" {figures['target']:g} % target: order up to {figures['order_up_to']}",
        _standing(figures),
        _sized(suggestion, figures),
    ]
    if figures.get("held"):
        said.append(figures["held"])
    return "; ".join(said) + "."


def _sells(figures: Mapping[str, Any]) -> str:
    rate = figures["rate"]
    if rate <= 0:
        return "Sells nothing now"
    if rate >= 0.1:
        return f"Sells {rate:,.1f} a day"
    return f"Sells one in {round(1 / rate):,} days"


def _standing(figures: Mapping[str, Any]) -> str:
    parts = [f"{figures['free']:,} here"]
    for name, words in (
        ("checking", "in quality control"),
        ("coming", "coming"),
        ("waiting", "wanted already"),
        ("leaving", "to be sent elsewhere"),
    ):
        if figures.get(name):
            parts.append(f"{figures[name]:,} {words}")
    return ", ".join(parts)


def _sized(suggestion: Suggestion, figures: Mapping[str, Any]) -> str:
    missing = f"{figures['need']:,} missing"
    if suggestion.kind == SuggestionKind.TRANSFER:
        return f"{missing}, {suggestion.source} has {figures['spare']:,} more than it needs"
    if figures.get("sent"):
        missing += f", {figures['sent']:,} of it by transfer"
    if figures.get("economic"):
        missing += f", {figures['economic']:,} is the economic quantity"
    quantity, pack = suggestion.quantity, figures.get("pack", 1)
    if quantity == figures["need"] - figures.get("sent", 0):
        return missing
    if pack > 1:
        cases = quantity // pack
        return (
            f"{missing}, {_turned(figures)} {cases} {'case' if cases == 1 else 'cases'} of {pack}"
        )
    if figures.get("minimum", 1) == quantity:
        return f"{missing}, the supplier sells {quantity:,} at least"
    return f"{missing}, so {quantity:,}"


def _turned(figures: Mapping[str, Any]) -> str:
    return "cut to" if figures.get("is_cut") else "rounded up to"


def _days(days: float) -> str:
    rounded = round(days, 1) if days < 10 else round(days)
    return f"{rounded:g} {'day' if rounded == 1 else 'days'}"
