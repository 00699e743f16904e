"""From a quote to a draft: prices given by hand are kept within what the channel allows."""

from collections.abc import Sequence
from decimal import Decimal

from orders.drafts import OrderDraft
from orders.errors import PriceTooFar
from orders.models import ChannelPolicy
from orders.selectors.quoting import LineQuote, Quote, price_draft

HUNDRED = Decimal(100)


def draft_quoted(draft: OrderDraft, quote: Quote, *, may_exceed: bool) -> OrderDraft:
    """The draft at the prices of a quote that staff entered. `may_exceed`: whoever asks may give
    prices beyond the channel's limit. Raises PriceTooFar.
    """
    refuse_far_prices(quote.lines, quote.policy, may_exceed=may_exceed)
    return price_draft(draft, quote)


def refuse_far_prices(
    lines: Sequence[LineQuote], policy: ChannelPolicy, *, may_exceed: bool
) -> None:
    """Refuse a price given by hand without a reason, or further from the list price than the policy
    allows. What has no list price has no limit. Raises PriceTooFar.
    """
    for position, line in enumerate(lines, start=1):
        if line.list_price is None or not line.is_by_hand:
            continue
        if not line.wish.reason.strip():
            raise PriceTooFar(
                f"Line {position}: say why {line.wish.sku} costs other than by list.",
                field=f"lines.{position}.reason",
            )
        allowed = line.list_price * policy.override_limit / HUNDRED
        if abs(line.unit_price - line.list_price) > allowed and not may_exceed:
            raise PriceTooFar(
                f"Line {position}: the price of {line.wish.sku} is more than"
                f" {policy.override_limit.normalize():f} % from its list price; ask somebody who may"
                " give it.",
                field=f"lines.{position}.unit_price",
            )
