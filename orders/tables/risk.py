"""The queue of orders that a person has to look at for risk, the least time left first."""

from django.db.models import Q, QuerySet

from core.listing import Column, Empty, Listing, Preset, number_token, text_token
from orders.filters import RiskReviewFilter, has_reason
from orders.models import RiskReview
from orders.rights import REVIEW_RISK
from orders.selectors.risk.reading import reviews_seen_by


class RiskQueue(Listing):
    name, title = "orders.risk", "Risk review"
    noun = ("order to review", "orders to review")
    url_name, right = "orders:risk_queue", REVIEW_RISK
    template = "orders/risk/queue.html"
    columns = (
        Column("order", "Order", value="order", is_fixed=True),
        Column("due", "Decide", sort="due_at", value="due_at", kind="moment"),
        Column("score", "Score", sort="decision__score", value="decision.score", kind="number"),
        Column("why", "Why", value=lambda row: "; ".join(sentences(row))),
        Column("customer", "Customer", value="order.customer_name"),
        Column(
            "total",
            "Total",
            sort="order__total",
            value="order.total",
            kind="money",
            currency="order.currency",
        ),
        Column("kept", "Meanwhile", value=lambda row: "held" if row.hold_id else "going on"),
        Column("channel", "Channel", value="order.channel", is_default=False),
        Column("opened", "Scored", sort="opened_at", value="opened_at", kind="moment"),
    )
    filterset = RiskReviewFilter
    promoted = ("held", "rule", "channel")
    tokens = (
        number_token("score", "decision__score"),
        text_token("rule", has_reason, "rule:countries"),
    )
    search_label = "Search by order, customer or e-mail"
    default_sort = "due"
    row_template = "orders/risk/queue_rows.html"
    presets = (
        Preset("held", "Held", "held=yes", is_counted=True),
        Preset("late", "Late", "late=yes", is_counted=True),
    )
    empty = Empty(
        "Nothing to review",
        "Orders that score too many points by the risk rules wait here for a person.",
        icon="shield",
    )

    def queryset(self) -> QuerySet[RiskReview]:
        return reviews_seen_by(self.user).filter(closed_at=None)

    def match(self, word: str) -> Q:
        return (
            Q(order__number__iexact=word)
            | Q(order__customer_name__icontains=word)
            | Q(order__email__iexact=word)
        )

    def row_class(self, row: RiskReview) -> str:
        return "row--warning" if row.is_late else ""

    def row_label(self, row: RiskReview) -> str:
        return row.order.number


def sentences(row: RiskReview) -> list[str]:
    """Why it was scored so, the heaviest first."""
    return [reason["sentence"] for reason in row.decision.reasons]
