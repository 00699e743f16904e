"""Price lists, promotions and coupons for the walk over every page."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from customers.models import CustomerGroup
from orders.models import ChannelPolicy, Coupon, PriceList, Promotion


def price(shop) -> None:
    """One of each, in use."""
    trade = CustomerGroup.objects.create(name="Trade")
    kept = PriceList.objects.create(name="Trade", currency="EUR", valid_from=date(2026, 1, 1))
    kept.groups.add(trade)
    for quantity, amount in ((1, "9.00"), (10, "8.00")):
        kept.items.create(variant=shop.mug, min_quantity=quantity, amount=Decimal(amount))
    ChannelPolicy.objects.create(channel=shop.web, price_list=kept)
    autumn = Promotion.objects.create(
        name="Autumn", kind="percent", percent=10, needs_coupon=True, skus=["MUG"]
    )
    Coupon.objects.create(promotion=autumn, code="AHOY", total_limit=100, created_at=timezone.now())
