"""What to suggest with a basket: the counts, today's stock, prices and costs, put before the ranking."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Max

from core.models import Channel
from core.money import ZERO
from inventory.models import Location, StockLevel, Variant
from orders.models import Bought, PairCount, RecommendationRules
from orders.pricing import without_tax
from orders.recommending import (
    Candidate,
    Limits,
    Pair,
    Seller,
    Suggestion,
    recommend,
    say_why,
)
from orders.recommending.ranking import DOUBT
from orders.selectors.quoting import LineQuote, LineWish, quote_order

MOST_PAIRS = 100  # the strongest; what is out of stock or earns too little falls out of these
MOST_SELLERS = 30
STRONGEST = """
    SELECT anchor_id, other_id, together, with_anchor, with_other
    FROM (
        SELECT DISTINCT ON (pair.other_id) pair.anchor_id, pair.other_id, pair.orders AS together,
               one.orders AS with_anchor, other.orders AS with_other,
               pair.orders::float8 / (one.orders + %(doubt)s) AS strength
        FROM orders_boughttogether pair
        JOIN orders_bought one ON one.variant_id = pair.anchor_id
        JOIN orders_bought other ON other.variant_id = pair.other_id
        JOIN inventory_variant variant ON variant.id = pair.other_id AND variant.is_active
        JOIN inventory_product product ON product.id = variant.product_id AND product.is_active
        WHERE pair.anchor_id = ANY(%(basket)s) AND NOT pair.other_id = ANY(%(basket)s)
              AND pair.orders >= %(together)s
              AND pair.orders::float8 * %(orders)s
                  >= %(lift)s * one.orders::float8 * other.orders
        ORDER BY pair.other_id, strength DESC, pair.orders DESC, pair.anchor_id
    ) AS best
    ORDER BY strength DESC, together DESC, other_id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Recommended:
    """One suggestion as people see it: `price` is a unit's in the channel, `free` the units to sell."""

    suggestion: Suggestion
    variant: Variant
    price: Decimal
    free: int
    why: str


@dataclass(frozen=True, slots=True)
class Recommendations:
    """What goes with a basket, the best first; `counted_at` None: nothing was counted yet."""

    items: list[Recommended] = field(default_factory=list)
    counted_at: datetime | None = None

    @property
    def suggestions(self) -> list[Suggestion]:
        return [one.suggestion for one in self.items]


def recommendation_rules() -> RecommendationRules:
    """The shop's rules; what suits most shops as long as nobody changed them."""
    return RecommendationRules.objects.first() or RecommendationRules()


def last_count() -> PairCount | None:
    """The newest counting of what was bought together."""
    return PairCount.objects.first()


def recommendations_for(
    basket: Sequence[Variant],
    *,
    channel: Channel,
    country: str = "",
    customer_id: int | None = None,
    now: datetime,
) -> Recommendations:
    """What goes with these variants (their products selected along) in a channel. The same queries
    however many there are; none for an empty basket.
    """
    counted = last_count() if basket else None
    if counted is None:
        return Recommendations()
    limits = recommendation_rules().limits
    names = {variant.pk: variant.full_name for variant in basket}
    pairs = _pairs(names, counted.orders, limits)
    sellers = _sellers(basket)
    wanted = {one.other for one in pairs} | {one.id for one in sellers}
    lines = _quoted(wanted, channel, country, customer_id, now)
    found = recommend(
        names,
        pairs,
        sellers,
        _candidates(lines, channel),
        orders=counted.orders,
        products={variant.product_id for variant in basket},
        limits=limits,
    )
    items = []
    for one in found:
        line = lines[one.id]
        assert line.variant is not None  # noqa: S101  (asked for by its own SKU)
        items.append(
            Recommended(one, line.variant, line.unit_price, _free(line), say_why(one, names))
        )
    return Recommendations(items, counted.counted_at)


def _quoted(
    wanted: Collection[int],
    channel: Channel,
    country: str,
    customer_id: int | None,
    now: datetime,
) -> dict[int, LineQuote]:
    """Price and stock of one unit of each, as an order would have them."""
    skus = Variant.objects.filter(pk__in=wanted).order_by("pk").values_list("sku", flat=True)
    quote = quote_order(
        [LineWish(sku, 1) for sku in skus],
        channel=channel,
        country=country,
        service=None,
        shipping=ZERO,
        customer_id=customer_id,
        now=now,
    )
    return {line.variant.pk: line for line in quote.lines if line.variant}


def _pairs(names: Collection[int], orders: int, limits: Limits) -> list[Pair]:
    """The strongest pair of each of the goods on sale that are not in the basket. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            STRONGEST,
            {
                "basket": list(names),
                "together": limits.together,
                "lift": limits.lift,
                "orders": orders,
                "doubt": DOUBT,
                "most": MOST_PAIRS,
            },
        )
        return [Pair(*row) for row in cursor.fetchall()]


def _sellers(basket: Sequence[Variant]) -> list[Seller]:
    """What sells best in the categories of the basket. One query."""
    rows = (
        Bought.objects.filter(
            variant__is_active=True,
            variant__product__is_active=True,
            variant__product__category__in={one.product.category_id for one in basket} - {None},
        )
        .exclude(variant__product__in={one.product_id for one in basket})
        .order_by("-orders", "variant_id")
        .values_list("variant_id", "orders")
    )
    return [Seller(*row) for row in rows[:MOST_SELLERS]]


def _candidates(lines: Mapping[int, LineQuote], channel: Channel) -> dict[int, Candidate]:
    """Stock and margin of each. The cost is that of the dearest place; where nothing came in yet, the
    standard cost; nothing is known of costs in another currency. Two queries.
    """
    levels = StockLevel.objects.filter(
        variant__in=lines, average_cost__gt=0, location__currency=channel.currency
    )
    costs: dict[int, Decimal] = dict(
        levels.values_list("variant").annotate(cost=Max("average_cost")).order_by()
    )
    is_ours = Location.objects.filter(is_active=True, currency=channel.currency).exists()
    found = {}
    for pk, line in lines.items():
        assert line.variant is not None  # noqa: S101  (asked for by its own SKU)
        cost = costs.get(pk) or (line.variant.cost if is_ours else ZERO)
        margin = _margin(line, cost, channel)
        found[pk] = Candidate(pk, line.variant.product_id, _free(line), margin)
    return found


def _margin(line: LineQuote, cost: Decimal, channel: Channel) -> Decimal | None:
    """What is earned on one, in percent of its price without tax; None without a known cost."""
    if not cost:
        return None
    price = line.unit_price
    if channel.prices_include_tax:
        price = without_tax(price, line.tax_rate, channel.currency)
    return 100 * (price - cost) / price if price else Decimal(-100)


def _free(line: LineQuote) -> int:
    """Units free to sell; what has no price cannot be sold."""
    if line.list_price is None or line.availability is None:
        return 0
    return line.availability.to_sell
