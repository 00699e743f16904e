"""What is suggested and what of it was bought, for the walk over all pages."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils import timezone

from orders.models import Bought, BoughtTogether, Order, PairCount, Price, RecommendationRules
from orders.recommending import Suggestion
from orders.services import record_shown, record_taken
from orders.states import RecommendationPlace
from tests.cast import Shop, make_variant

WITHOUT_ARGUMENTS = ("orders:recommendation_rules_list", "reports:recommendations")


def recommend(shop: Shop) -> None:
    """Mugs and trays are bought together; a lamp was suggested, too, and a mug was bought."""
    now = timezone.now()
    RecommendationRules.objects.create(least_margin=0)
    PairCount.objects.create(
        counted_from=now, orders=100, goods=2, pairs=2, took_ms=3, counted_at=now
    )
    tray = make_variant("TRAY", "Tray")
    Price.objects.create(variant=tray, currency="EUR", amount=Decimal(12))
    shop.stock(tray, 20)
    for variant in (shop.mug, tray):
        Bought.objects.create(variant=variant, orders=12)
    for one, other in ((shop.mug, tray), (tray, shop.mug)):
        BoughtTogether.objects.create(anchor=one, other=other, orders=8)
    record_shown(
        [Suggestion(shop.mug.pk, tray.pk, 8, 12), Suggestion(shop.lamp.pk, None, 30, 100)],
        basket_key="walk",
        place=RecommendationPlace.ENTRY,
        channel=shop.web,
        now=now,
    )
    record_taken(basket_key="walk", order_id=_with_mug(shop).pk, now=now)


def _with_mug(shop: Shop) -> Order:
    return Order.objects.filter(lines__variant=shop.mug, lines__kit=None).earliest("pk")


def pages(page) -> Iterator[tuple[str, str]]:
    order = Order.objects.filter(lines__sku="MUG", lines__kit=None).earliest("pk")
    yield page("orders:order_create", query=f"?like={order.pk}")
    yield page("reports:recommendations", query="?days=yesterday")
