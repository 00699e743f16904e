"""All that is printed about an order, by whatever app."""

from core import documents
from core.models import Document, User
from orders.models import Order
from orders.sockets import ORDER_PAPERS


def papers_of(user: User, order: Order) -> list[Document]:
    """The order's own documents and those of what hangs on it, newest first."""
    others = [pair for pairs in ORDER_PAPERS.ask(order) for pair in pairs]
    return documents.papers_of(user, [("order", [order.pk]), *others])
