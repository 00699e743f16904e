"""The mapping file: which column of a CSV is which of our fields, and how its cells are written."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import DomainError

ORDER_FIELDS = {
    "external_id": "the key of the order in its source; needed",
    "number": "the number people see; left out: the key",
    "placed_at": "when it was ordered; needed",
    "paid_at": "when it was paid",
    "shipped_at": "when it was sent",
    "cancelled_at": "when it was cancelled",
    "currency": "three letters; left out: the channel’s",
    "payment_status": "paid, partially_paid, partially_refunded, refunded or pending",
    "fulfilment_status": "fulfilled, partial or unfulfilled",
    "paid": "the amount paid; left out: all, where the status says paid",
    "refunded": "the amount given back",
    "shipping": "what sending cost the customer",
    "shipping_tax": "the tax on it",
    "discount": "the discount on the whole order",
    "discount_code": "the code it was given for",
    "subtotal": "for comparison only",
    "tax_total": "for comparison only",
    "total": "for comparison, and what was paid where no amount is given",
    "shipping_method": "how it was sent",
    "payment_method": "how it was paid",
    "payment_reference": "what stands on the statement",
    "note": "what the customer wrote",
    "tags": "words to find it by; several columns may be given",
    "customer.external_id": "the customer’s key in the source",
    "customer.name": "the customer’s name",
    "customer.email": "the customer’s e-mail address",
    "customer.phone": "the customer’s telephone",
}
ADDRESS_FIELDS = (
    "name", "company", "line1", "line2", "postal_code", "city", "region", "country", "phone",
)  # fmt: skip
LINE_FIELDS = {
    "line.sku": "the SKU; needed",
    "line.name": "what the product was called",
    "line.quantity": "units; needed",
    "line.unit_price": "price of one unit before discount",
    "line.amount": "quantity × price before discount, where there is no price",
    "line.total": "what the line came to after discount, where there is no price",
    "line.discount": "discount on the line as an amount",
    "line.discount_rate": "discount as a share: 0.2 is a fifth",
    "line.tax": "tax on the line as an amount",
    "line.tax_rate": "tax as a share: 0.19",
    "line.status": "fulfilled or unfulfilled",
    "line.needs_shipping": "yes or no",
    "product.name": "for products that are added",
    "product.brand": "for products that are added",
    "product.category": "for products that are added",
    "product.barcode": "for products that are added",
}
FIELDS = (
    frozenset(ORDER_FIELDS)
    | frozenset(LINE_FIELDS)
    | {f"{kind}.{part}" for kind in ("billing", "shipping_address") for part in ADDRESS_FIELDS}
)
NEEDED = ("external_id", "placed_at", "line.sku", "line.quantity")
MONEY = ("line.unit_price", "line.amount", "line.total")
PAYMENT_WORDS = ("paid", "partially_paid", "partially_refunded", "refunded", "pending")
GOODS_WORDS = ("fulfilled", "partial", "unfulfilled")
WORDS_OF = {
    "payment_status": PAYMENT_WORDS,
    "fulfilment_status": GOODS_WORDS,
    "line.status": ("fulfilled", "unfulfilled"),
}
FORMATS = {
    "delimiter": str,
    "dates": list,
    "decimal": str,
    "order_amounts": str,
    "prices_include_tax": bool,
    "rates_in_percent": bool,
    "pad": dict,
}


class BadMapping(DomainError):
    """The mapping file cannot be used; the sentence names the place."""

    code = "bad_mapping"

    def __init__(self, message: str) -> None:
        super().__init__(message, field="map")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMap:
    """A mapping, checked. `columns` names the columns of each field (several are joined by blanks),
    `constants` what every order has, `words` the file's own words for statuses.
    """

    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pad: Mapping[str, int] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    decimal: str = ""
    delimiter: str = ""
    adds_up_rows: bool = False
    prices_include_tax: bool | None = None
    rates_in_percent: bool = False

    def has(self, name: str) -> bool:
        return name in self.columns or name in self.constants

    @property
    def all_columns(self) -> list[str]:
        return list(dict.fromkeys(one for names in self.columns.values() for one in names))


def read_mapping(text: str) -> FileMap:
    """Read a mapping written in TOML or JSON. Raises BadMapping."""
    raw = _parse(text)
    unknown = sorted(set(raw) - {"title", "columns", "constants", "formats", "words"})
    if unknown:
        raise BadMapping(
            f"The map has a part “{unknown[0]}”; it may have title, columns, constants, formats and"
            " words."
        )
    columns = {name: _columns(name, value) for name, value in _part(raw, "columns").items()}
    constants = {name: _plain(value) for name, value in _part(raw, "constants").items()}
    _check_fields(columns, constants)
    words = {name: _words(name, value) for name, value in _part(raw, "words").items()}
    for name, value in constants.items():
        _check_word(name, value, words)
    formats = _formats(_part(raw, "formats"))
    return FileMap(columns=columns, constants=constants, words=words, **formats)


def _parse(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, tomllib.TOMLDecodeError) as error:
        raise BadMapping(f"The map is neither TOML nor JSON: {error}.") from error
    if not isinstance(raw, dict) or "columns" not in raw:
        raise BadMapping("The map needs a part “columns” that says which column is which field.")
    return raw


def _part(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One part of the map, its nested tables flattened: [columns.line] sku is “line.sku”."""
    part = raw.get(name, {})
    if not isinstance(part, dict):
        raise BadMapping(f"The part “{name}” must be a table of names and values.")
    flat: dict[str, Any] = {}
    for key, value in part.items():
        if isinstance(value, dict) and name in {"columns", "constants"}:
            flat |= {f"{key}.{inner}": one for inner, one in value.items()}
        else:
            flat[key] = value
    return flat


def _columns(name: str, value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(one, str) and one.strip() for one in names):
        raise BadMapping(f"“{name}” must name a column, or a list of columns.")
    return tuple(str(one).strip() for one in names)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def _check_fields(columns: Mapping[str, Any], constants: Mapping[str, Any]) -> None:
    for name in (*columns, *constants):
        if name not in FIELDS:
            raise BadMapping(
                f"“{name}” is no field; the fields are {', '.join(sorted(FIELDS))}."[:400]
            )
    for name in NEEDED:
        if name not in columns:
            raise BadMapping(f"The map must say which column is “{name}”.")
    if sum(1 for name in MONEY if name in columns) != 1:
        raise BadMapping(
            "The map must name exactly one of line.unit_price, line.amount and line.total."
        )
    if "line.discount" in columns and "line.discount_rate" in columns:
        raise BadMapping("A line’s discount is an amount or a rate: name one of the two.")


def _words(name: str, value: object) -> dict[str, str]:
    if name not in WORDS_OF or not isinstance(value, dict):
        raise BadMapping(f"Words can be given for {', '.join(WORDS_OF)}, as a table each.")
    words = {str(one).strip().lower(): str(ours) for one, ours in value.items()}
    for ours in words.values():
        if ours not in WORDS_OF[name]:
            raise BadMapping(
                f"“{ours}” is no word for {name}; use one of {', '.join(WORDS_OF[name])}."
            )
    return words


def _check_word(name: str, value: str, words: Mapping[str, Mapping[str, str]]) -> None:
    if (
        name in WORDS_OF
        and value not in WORDS_OF[name]
        and value.lower() not in words.get(name, {})
    ):
        raise BadMapping(f"The constant {name} must be one of {', '.join(WORDS_OF[name])}.")


def _formats(part: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in part.items():
        wanted = FORMATS.get(name)
        if wanted is None:
            raise BadMapping(f"“{name}” is no format; known are {', '.join(FORMATS)}.")
        if not isinstance(value, wanted):
            raise BadMapping(f"The format “{name}” must be a {wanted.__name__}.")
    decimal = part.get("decimal", "")
    if decimal not in {"", ".", ","}:
        raise BadMapping("The format “decimal” is “.” or “,”.")
    amounts = part.get("order_amounts", "once")
    if amounts not in {"once", "per_line"}:
        raise BadMapping("The format “order_amounts” is “once” or “per_line”.")
    pad = part.get("pad", {})
    if not all(name in FIELDS and isinstance(width, int) for name, width in pad.items()):
        raise BadMapping("The format “pad” gives a number of digits for fields.")
    return {
        "dates": tuple(str(one) for one in part.get("dates", ()) if one != "iso"),
        "decimal": decimal,
        "delimiter": part.get("delimiter", ""),
        "adds_up_rows": amounts == "per_line",
        "prices_include_tax": part.get("prices_include_tax"),
        "rates_in_percent": part.get("rates_in_percent", False),
        "pad": dict(pad),
    }
