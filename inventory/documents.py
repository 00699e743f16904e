"""Printed papers of stock: the purchase order."""

from typing import Any

from django.db.models import QuerySet

from core.documents import DocumentKind, register_kind
from core.models import Document, LegalEntity, User
from inventory.models import PurchaseOrder
from inventory.rights import SEE_PURCHASES
from inventory.selectors.purchasing import purchases_seen_by
from inventory.services.buying import worth_of
from inventory.services.ordering import PAPER


def purchase_order(order_id: int) -> dict[str, Any]:
    """What the supplier reads: what to deliver, where, by when and at what price."""
    order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=order_id)
    lines = list(order.lines.all())
    for line in lines:
        line.worth = worth_of(line, order.currency)  # type: ignore[attr-defined]
    return {
        "order": order,
        "lines": lines,
        "entity": LegalEntity.objects.order_by("pk").first(),
        "time_zone": order.location.time_zone,
    }


def _scope(user: User, papers: QuerySet[Document]) -> QuerySet[Document]:
    return papers.filter(subject_id__in=purchases_seen_by(user).order_by().values("pk"))


PURCHASE_ORDER = register_kind(
    DocumentKind(
        code=PAPER,
        label="Purchase order",
        subject_type="purchaseorder",
        template="inventory/documents/purchase_order.html",
        context=purchase_order,
        right=SEE_PURCHASES,
        scope=_scope,
    )
)
