"""What the demo shop suggests: counted from its orders, and shown with the latest of them."""

from datetime import datetime

from inventory.models import Variant
from orders.models import Order
from orders.selectors.recommending import recommendations_for
from orders.services import record_shown, record_taken, refresh_pairs
from orders.states import RecommendationPlace

ORDERS = 120
PLACES = (
    RecommendationPlace.ENTRY,
    RecommendationPlace.API,
    RecommendationPlace.API,
    RecommendationPlace.QUOTE,
)


def recommend(*, now: datetime) -> None:
    """Count what is bought together; then, for the latest orders, what was suggested before their last
    line was added. Whether that line is what was suggested is as the orders say.
    """
    refresh_pairs(now=now)
    latest = (
        Order.objects.filter(is_historical=False)
        .select_related("channel__legal_entity")
        .order_by("-placed_at", "-pk")[:ORDERS]
    )
    for number, order in enumerate(latest):
        skus = list(order.lines.order_by("position").values_list("variant", flat=True))
        basket = Variant.objects.filter(pk__in=skus[:-1] or skus).select_related("product")
        found = recommendations_for(list(basket), channel=order.channel, now=now)
        if not found.items:
            continue
        record_shown(
            found.suggestions,
            basket_key=f"demo:{order.number}",
            place=PLACES[number % len(PLACES)],
            channel=order.channel,
            now=order.placed_at or now,
        )
        record_taken(basket_key=f"demo:{order.number}", order_id=order.pk, now=now)
