"""What is suggested on a page: looked up, and kept as shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponseBase

from core import clock
from core.models import Channel
from inventory.models import Variant
from orders.models import Quotation
from orders.selectors.quoting import Quote
from orders.selectors.recommending import Recommendations, recommendations_for
from orders.services import record_shown
from orders.states import RecommendationPlace

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a page suggests, and where; the forms of the page carry `basket_key`."""

    basket_key: str
    place: RecommendationPlace
    channel: Channel
    found: Recommendations

    def keep(self) -> None:
        """Record it as shown."""
        if self.found.items:
            record_shown(
                self.found.suggestions,
                basket_key=self.basket_key,
                place=self.place,
                channel=self.channel,
                now=clock.now(),
            )


def keeps_shown(view: View[P]) -> View[P]:
    """Record what the page of a form suggests once its view is done: a form that is only changed, or is
    refused, rolls back all else that its sending did. It stands outside of `once`.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        suggested: Suggested | None = getattr(request, "suggested", None)
        if suggested is not None:
            suggested.keep()
        return response

    return wrapped


def sent_basket_key(request: HttpRequest) -> str:
    """The name of the basket that the page is about; a new one where none, or nonsense, was sent."""
    try:
        return str(UUID(request.POST.get("basket_key", "")))
    except ValueError:
        return str(uuid4())


def suggested_for(
    quote: Quote | None,
    channel: Channel,
    *,
    basket_key: str,
    place: RecommendationPlace,
    country: str,
    customer_id: int | None,
) -> Suggested:
    """What goes with what is being entered."""
    basket = [line.variant for line in quote.lines if line.variant] if quote else []
    found = recommendations_for(
        basket, channel=channel, country=country, customer_id=customer_id, now=clock.now()
    )
    return Suggested(basket_key, place, channel, found)


def suggested_with(quotation: Quotation, *, place: RecommendationPlace) -> Suggested:
    """What goes with what a quote offers; recorded as shown."""
    basket = Variant.objects.filter(
        pk__in=quotation.lines.exclude(variant=None).values("variant")
    ).select_related("product")
    found = recommendations_for(
        list(basket.order_by("pk")),
        channel=quotation.channel,
        country=str(quotation.shipping_address.get("country", "")),
        customer_id=quotation.customer_id,
        now=clock.now(),
    )
    suggested = Suggested(quotation.suggested_under, place, quotation.channel, found)
    suggested.keep()
    return suggested
