"""What-ifs as people read them: what is otherwise in words, and both replays side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.markup.values import money_text
from core.models import User
from core.money import exponent
from inventory.models import Location, Variant
from orders.models import ShippingService, WhatIf
from orders.selectors.reading import orders_seen_by
from orders.sourcing.scenario import Move, Scenario

LATEST = 50
PARTS = ("Handling of parcels", "Freight", "Handling of units")
Side = Mapping[str, Any]


def what_ifs() -> list[WhatIf]:
    """The latest, newest first. One query."""
    return list(WhatIf.objects.select_related("job", "asked_by")[:LATEST])


def changes_in_words(scenario: Scenario) -> list[str]:
    """What is otherwise, a sentence each; empty where nothing is. At most three queries."""
    named = scenario.without | scenario.added | _moved_between(scenario)
    names = dict(Location.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}
    words = [f"without {names[pk]}" for pk in sorted(scenario.without) if pk in names]
    words += [
        f"{names[pk]} sends for every channel" for pk in sorted(scenario.added) if pk in names
    ]
    if scenario.rates != 1:
        words.append(f"carriers take {_plain(scenario.rates)} times as much")
    if scenario.service_id is not None:
        service = ShippingService.objects.filter(pk=scenario.service_id).first()
        words.append(f"all is sent with {service}")
    return [
        *words,
        *_stock_words(scenario),
        *_move_words(scenario.moves, names),
        *_rule_words(scenario),
    ]


def _moved_between(scenario: Scenario) -> set[int]:
    return {pk for one in scenario.moves for pk in (one.source, one.target)}


def _move_words(moves: Sequence[Move], names: Mapping[int, str]) -> list[str]:
    """What lies elsewhere, a sentence each. At most one query."""
    wanted = {one.variant_id for one in moves if one.variant_id is not None}
    skus = dict(Variant.objects.filter(pk__in=wanted).values_list("pk", "sku")) if wanted else {}
    words = []
    for one in moves:
        of = skus.get(one.variant_id, "goods") if one.variant_id is not None else "everything"
        much = f"{one.units:,}" if one.share is None else f"{_plain(one.share * 100)} %"
        places = [names.get(pk, str(pk)) for pk in (one.source, one.target)]
        words.append(f"{much} of {of} in {places[1]} instead of {places[0]}")
    return words


def _stock_words(scenario: Scenario) -> list[str]:
    words = []
    if scenario.stock != 1:
        words.append(f"{_plain(scenario.stock)} times the stock at the start")
    if scenario.levelled:
        words.append("stock spread evenly over the locations")
    if scenario.receipts_first:
        words.append("all that came later there from the start")
    return words


def _rule_words(scenario: Scenario) -> list[str]:
    words = [] if scenario.rules else ["without sourcing rules"]
    words += [f"without the rule {name}" for name in sorted(scenario.rules_off)]
    if scenario.criteria:
        words.append(f"judged by {', '.join(one.value for one in scenario.criteria)}")
    if scenario.most_parcels is not None:
        words.append(f"parcels an order at most: {scenario.most_parcels}")
    if scenario.worth:
        words.append("the worth of stock counts as a cost")
    return words


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in both replays; `difference` says by how much it is otherwise, empty where it is not.
    `better` is None where neither is.
    """

    label: str
    before: str
    after: str
    difference: str = ""
    better: bool | None = None


def rows_shown(result: Mapping[str, Any]) -> list[Row]:
    """Both replays figure by figure. What less or more was sent of is no better or worse for what it
    costs. No query.
    """
    before, after = result["before"], result["after"]
    is_cost = True if before["short"] == after["short"] else None
    return [
        _counted("Orders", before, after, "orders", is_cost=None),
        _counted("Units short", before, after, "short"),
        _counted("Orders with units short", before, after, "short_orders"),
        _counted("Units short that later receipts filled", before, after, "later", is_cost=None),
        _counted("Parcels", before, after, "parcels", is_cost=is_cost),
        _share("Split orders", before, after, "split", is_cost=is_cost),
        _share("Late orders", before, after, "late", is_cost=is_cost),
        *_cost_rows(before, after, is_cost),
        _distance(before, after, is_cost),
    ]


def _counted(label: str, before: Side, after: Side, key: str, is_cost: bool | None = True) -> Row:
    was, now = before[key], after[key]
    return _row(label, was, now, lambda number: f"{number:,}", is_cost=is_cost)


def _share(label: str, before: Side, after: Side, key: str, *, is_cost: bool | None) -> Row:
    """In hundredths of the orders that something was sent of."""
    was, now = (100 * side[key] / max(side["sent"], 1) for side in (before, after))
    return _row(
        label, round(was, 1), round(now, 1), lambda number: f"{number:.1f} %", is_cost=is_cost
    )


def _cost_rows(before: Side, after: Side, is_cost: bool | None) -> list[Row]:
    """What sending costs, by currency: its parts, then the whole."""
    rows = []
    for currency in sorted(set(before["cost"]) | set(after["cost"])):
        sides = [side["cost"].get(currency, [0, 0, 0]) for side in (before, after)]
        shown = _shown_in(currency)
        rows += [
            _row(f"{label}, {currency}", sides[0][at], sides[1][at], shown, is_cost=is_cost)
            for at, label in enumerate(PARTS)
        ]
        rows.append(
            _row(f"Cost in all, {currency}", sum(sides[0]), sum(sides[1]), shown, is_cost=is_cost)
        )
    return rows


def _shown_in(currency: str) -> Callable[[Any], str]:
    return lambda minor: money_text(Decimal(minor).scaleb(-exponent(currency)), currency)


def _distance(before: Side, after: Side, is_cost: bool | None) -> Row:
    was, now = before["km"], after["km"]
    if was is None or now is None:
        before_km, after_km = ("not known" if km is None else f"{km:,.0f} km" for km in (was, now))
        return Row("Mean distance of a parcel", before_km, after_km)
    return _row("Mean distance of a parcel", was, now, lambda km: f"{km:,.0f} km", is_cost=is_cost)


def _row(
    label: str, was: Any, now: Any, shown: Callable[[Any], str], *, is_cost: bool | None = True
) -> Row:
    if was == now:
        return Row(label, shown(was), shown(now))
    sign = "+" if now > was else "−"
    better = None if is_cost is None else (now < was) == is_cost
    return Row(label, shown(was), shown(now), f"{sign}{shown(abs(now - was))}", better)


def bars_shown(result: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Parcels by location in both replays, the busiest first."""
    sides = [dict(result[side]["by_place"]) for side in ("before", "after")]
    names = result["names"]
    places = sorted(
        set(sides[0]) | set(sides[1]),
        key=lambda pk: (-max(side.get(pk, 0) for side in sides), pk),
    )
    bars = []
    for pk in places:
        name = names.get(str(pk), str(pk))
        bars.append((f"{name}, as it is", sides[0].get(pk, 0)))
        bars.append((f"{name}, what if", sides[1].get(pk, 0)))
    return bars


def notes_shown(result: Mapping[str, Any]) -> list[str]:
    """What the figures stand on, and what they leave out."""
    before = result["before"]
    notes = []
    if result["known"]:
        notes.append(
            f"Replayed as it is, {result['alike']:,} of the {result['known']:,} orders with a kept"
            " decision leave from where they were first decided to leave from."
        )
    if before["priced"] < before["sent"]:
        notes.append(
            f"What sending costs is known of {before['priced']:,} of {before['sent']:,} orders as it is,"
            f" and of {result['after']['priced']:,} of {result['after']['sent']:,} in the what-if."
        )
    if before.get("dated"):  # none is known of what was replayed before they were counted
        notes.append(
            f"Of the {before['sent']:,} orders sent, {before['dated']:,} had been promised or asked for"
            " by a day: they are late where they would arrive after it."
        )
    notes.append(
        f"Distance is counted to the middle of the country, for {before['km_parcels']:,} of"
        f" {before['parcels']:,} parcels; of the others a place is not known."
    )
    return notes


def orders_shown(user: User, result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The first orders decided otherwise that the user may see. One query."""
    ids = [one["order_id"] for one in result["changes"]]
    seen = set(orders_seen_by(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [one for one in result["changes"] if one["order_id"] in seen]
