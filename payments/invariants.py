"""What must never be false about money (codes as in the design's catalogue)."""

from typing import Any

from core.invariants import invariant, sql_invariant
from payments.models import Payment
from payments.projections import reduce


@invariant("P1", "A payment's amounts are what its events come to.")
def amounts_are_reductions() -> list[dict[str, Any]]:
    offences = []
    payments = Payment.objects.prefetch_related("events").order_by("pk")
    for payment in payments.iterator(chunk_size=500):
        stored = _amounts(payment)
        status = payment.status
        payment.take_amounts(reduce(payment.events.all()))
        if (stored, status) != (_amounts(payment), payment.status):
            offences.append({"payment_id": payment.pk, "stored": [str(one) for one in stored]})
    return offences[:100]


def _amounts(payment: Payment) -> list[Any]:
    return [
        payment.expected,
        payment.approved,
        payment.authorised,
        payment.pending,
        payment.captured,
        payment.refund_pending,
        payment.refunded,
    ]


sql_invariant(
    "P1b",
    "An order's money is the sum of its payments, in its own currency.",
    """
    SELECT o.id AS order_id, o.number FROM orders_order o
    LEFT JOIN (SELECT order_id, sum(authorised) a, sum(captured) c, sum(refunded) r,
                      array_agg(DISTINCT currency) AS currencies
               FROM payments_payment GROUP BY order_id) p ON p.order_id = o.id
    WHERE (o.authorised, o.captured, o.refunded)
          IS DISTINCT FROM (coalesce(p.a, 0), coalesce(p.c, 0), coalesce(p.r, 0))
       OR p.currencies <> ARRAY[o.currency]
    """,
)
sql_invariant(
    "O6",
    "Invoices and credit notes are numbered without a gap.",
    """
    SELECT i.legal_entity_id, i.kind, count(*) AS issued, max(i.sequence) AS last, s.last AS counter
    FROM payments_invoice i
    LEFT JOIN core_numberseries s ON s.code = i.kind || ':' || i.legal_entity_id
    GROUP BY i.legal_entity_id, i.kind, s.last
    HAVING count(*) <> max(i.sequence) OR max(i.sequence) IS DISTINCT FROM s.last
    """,
)
sql_invariant(
    "P7",
    "Credit notes never take back more than their invoice charged.",
    """
    SELECT i.id AS invoice_id, i.number FROM payments_invoice i
    JOIN (SELECT corrects_id, sum(total) AS total FROM payments_invoice
          WHERE kind = 'credit_note' GROUP BY corrects_id) c ON c.corrects_id = i.id
    WHERE c.total > i.total
    """,
)
sql_invariant(
    "P4",
    "What a provider is asked for is written down once, and every open ask has its operation.",
    """
    SELECT e.id AS event_id, e.ref FROM payments_moneyevent e
    WHERE e.kind LIKE '%_requested'
      AND NOT EXISTS (SELECT 1 FROM core_externaloperation op
                      WHERE op.idempotency_key = 'payments:' || e.ref)
    """,
)
