"""Addresses and lists of words as shops write them in JSON."""

from collections.abc import Mapping

from core.address import Address
from oms.intake.hooks.flattening import Told
from orders.drafts import Origin


def address_at(told: Told, path: str, names: Mapping[str, str]) -> Address:
    """The address under a path; `names` says what its parts are called there. First and last name
    are one where there is no whole one.
    """
    cells = told.cells
    text = {part: cells.text(f"{path}.{name}") for part, name in names.items() if part != "country"}
    first = cells.text(f"{path}.first_name")
    last = cells.text(f"{path}.last_name")
    return Address(
        name=(text.get("name") or f"{first} {last}".strip())[:200],
        company=text.get("company", ""),
        line1=text.get("line1", ""),
        line2=text.get("line2", ""),
        postal_code=text.get("postal_code", "")[:20],
        city=text.get("city", "")[:100],
        region=text.get("region", "")[:100],
        country=cells.country(f"{path}.{names['country']}"),
        phone=text.get("phone", "")[:40],
    )


def origin_at(told: Told, network: str, agent: str) -> Origin | None:
    """From where the order was asked for, as the shop tells it."""
    address, browser = told.cells.raw(network)[:45], told.cells.raw(agent)[:300]
    return Origin(address, browser) if address or browser else None


def words_of(text: str) -> tuple[str, ...]:
    """Tags between commas."""
    return tuple(tag for part in text.split(",") if (tag := part.strip()[:40]))
