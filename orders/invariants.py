"""What must never be false about orders (codes as in the design's catalogue)."""

from typing import Any

from core.invariants import invariant, sql_invariant
from orders.models import Order, RiskDecision, RiskRuleSet
from orders.risk import Facts, decide
from orders.services.projecting import project
from orders.states import RiskRuleSetState

REPLAYED = 500

sql_invariant(
    "O1",
    "A line's units are open, cancelled or shipped, and no more come back than were sent; an"
    " order's counters are the sums of its lines'.",
    """
    SELECT o.id AS order_id, o.number FROM orders_order o
    JOIN (SELECT order_id, sum(quantity) q, sum(cancelled) c, sum(shipped) s, sum(delivered) d,
                 sum(returned) r, sum(return_requested) rr
          FROM orders_orderline GROUP BY order_id) l ON l.order_id = o.id
    WHERE (o.units, o.units_cancelled, o.units_shipped, o.units_delivered, o.units_returned,
           o.units_return_requested) IS DISTINCT FROM (l.q, l.c, l.s, l.d, l.r, l.rr)
    """,
)
sql_invariant(
    "O2",
    "What fulfilments sent is what their order's lines say was sent since it is here.",
    """
    SELECT line.id AS line_id, line.sku FROM orders_orderline line
    JOIN (SELECT order_line_id, sum(shipped) AS shipped FROM orders_fulfilmentline
          GROUP BY order_line_id) told ON told.order_line_id = line.id
    WHERE told.shipped > line.shipped
    """,
)
sql_invariant(
    "O5",
    "An order's amounts are the sums of its lines', and its total adds up.",
    """
    SELECT o.id AS order_id, o.number FROM orders_order o
    JOIN (SELECT order_id, sum(amount) a, sum(discount) d, sum(tax) t, sum(total) total
          FROM orders_orderline GROUP BY order_id) l ON l.order_id = o.id
    WHERE o.subtotal <> l.a OR o.discount_total <> l.d OR o.tax_total <> l.t + o.shipping_tax
       OR o.total <> l.total + o.shipping_total
                     + CASE WHEN o.prices_include_tax THEN 0 ELSE o.shipping_tax END
    """,
)
sql_invariant(
    "O7",
    "A fulfilment tells a location to send no more than is set aside there for the order.",
    """
    SELECT told.line_id, told.location_id, told.units AS told, coalesce(held.units, 0) AS held
    FROM (SELECT fl.order_line_id AS line_id, line.demand_id, f.location_id,
                 sum(fl.quantity - fl.shipped - fl.short) AS units
          FROM orders_fulfilmentline fl
          JOIN orders_fulfilment f ON f.id = fl.fulfilment_id
          JOIN orders_orderline line ON line.id = fl.order_line_id
          WHERE f.state IN ('ready', 'picking', 'packed') AND line.demand_id IS NOT NULL
          GROUP BY 1, 2, 3) told
    LEFT JOIN (SELECT a.demand_id, level.location_id,
                      sum(a.quantity - a.consumed - a.released) AS units
               FROM inventory_allocation a JOIN inventory_stocklevel level ON level.id = a.level_id
               GROUP BY 1, 2) held
      ON held.demand_id = told.demand_id AND held.location_id = told.location_id
    WHERE told.units > coalesce(held.units, 0)
      AND NOT EXISTS (SELECT 1 FROM core_delivery d JOIN core_storedfact f ON f.id = d.fact_id
                      WHERE d.status = 'waiting' AND f.name = 'inventory.AllocationLost'
                        AND f.subject_id = told.demand_id)
    """,
)
sql_invariant(
    "O8",
    "A kit's amounts are the sums of its components' lines, and each kit takes whole units of them.",
    """
    SELECT kit.order_id, kit.sku FROM orders_orderkit kit
    LEFT JOIN (SELECT kit_id, sum(amount) a, sum(discount) d, sum(total) t, array_agg(quantity) q
               FROM orders_orderline WHERE kit_id IS NOT NULL GROUP BY kit_id) l
      ON l.kit_id = kit.id
    WHERE (kit.amount, kit.discount, kit.total) IS DISTINCT FROM (l.a, l.d, l.t)
       OR EXISTS (SELECT 1 FROM unnest(l.q) AS units WHERE units % kit.quantity <> 0)
    """,
)
sql_invariant(
    "O20",
    "What is taken of a company's credit is what its orders on account still have to pay.",
    """
    SELECT account.company_id, account.currency, account.exposure, coalesce(open.owed, 0) AS owed
    FROM customers_creditaccount account
    LEFT JOIN (SELECT company_id, currency,
                      sum(greatest(0, total - credit_total - captured + refunded)) AS owed
               FROM orders_order
               WHERE payment_terms = 'net' AND NOT is_historical AND company_id IS NOT NULL
               GROUP BY 1, 2) open
      ON open.company_id = account.company_id AND open.currency = account.currency
    WHERE account.exposure <> coalesce(open.owed, 0)
    """,
)
sql_invariant(
    "O9",
    "What is written of why a line costs less adds up to its discount.",
    """
    SELECT line.id AS line_id, line.order_id, line.discount, told.amount
    FROM orders_orderline line
    LEFT JOIN (SELECT line_id, sum(amount) AS amount FROM orders_adjustment
               WHERE line_id IS NOT NULL GROUP BY line_id) told ON told.line_id = line.id
    WHERE line.discount <> coalesce(told.amount, 0)
    """,
)
sql_invariant(
    "O10",
    "A coupon counts the orders that hold it.",
    """
    SELECT coupon.id AS coupon_id, coupon.code, coupon.used, held.uses
    FROM orders_coupon coupon
    LEFT JOIN (SELECT coupon_id, count(*) AS uses FROM orders_couponredemption
               WHERE returned_at IS NULL GROUP BY coupon_id) held ON held.coupon_id = coupon.id
    WHERE coupon.used <> coalesce(held.uses, 0)
    """,
)
sql_invariant(
    "O21",
    "What a line's demand still wants is what the line has open.",
    """
    SELECT line.order_id, line.sku, line.quantity - line.cancelled - line.shipped AS open,
           demand.quantity - demand.consumed - demand.cancelled AS wanted
    FROM orders_orderline line JOIN inventory_demand demand ON demand.id = line.demand_id
    WHERE line.quantity - line.cancelled - line.shipped
          <> demand.quantity - demand.consumed - demand.cancelled
    """,
)
sql_invariant(
    "O22",
    "A change set that waits or was applied says what it changes, and nobody approved their own.",
    """
    SELECT change.order_id, change.number FROM orders_changeset change
    WHERE NOT EXISTS (SELECT 1 FROM orders_changeaction action WHERE action.change_set_id = change.id)
       OR (change.approved_at IS NOT NULL AND change.approved_key = change.requested_key)
    """,
)
sql_invariant(
    "O30",
    "An order is promised for the day that its newest promise says, and for none without one.",
    """
    SELECT o.id AS order_id, o.number, o.promised_on, made.promised_on AS said FROM orders_order o
    LEFT JOIN LATERAL (SELECT promised_on FROM orders_orderpromise WHERE order_id = o.id
                       ORDER BY id DESC LIMIT 1) AS made ON true
    WHERE o.promised_on IS DISTINCT FROM made.promised_on
    """,
)
sql_invariant(
    "O31",
    "An order that has arrived has nothing left to send or on the way.",
    """
    SELECT id AS order_id, number FROM orders_order
    WHERE arrived_on IS NOT NULL AND units_delivered < units_shipped
    """,
)
sql_invariant(
    "O32",
    "What a decision says was taken where, was set aside there at that moment.",
    """
    SELECT decision.id AS decision_id, decision.order_id, taken.item, taken.place, taken.units
    FROM orders_sourcingdecision decision
    CROSS JOIN LATERAL (
        SELECT (one->>0)::integer AS item, (one->>1)::bigint AS place,
               sum((one->>2)::integer) AS units
        FROM jsonb_array_elements(decision.taken) AS one GROUP BY 1, 2) taken
    LEFT JOIN orders_orderline line
      ON line.order_id = decision.order_id AND line.position = taken.item
    LEFT JOIN LATERAL (
        SELECT sum(held.quantity) AS units FROM inventory_allocation held
        JOIN inventory_stocklevel level ON level.id = held.level_id
        WHERE held.demand_id = line.demand_id AND level.location_id = taken.place
              AND held.created_at = decision.decided_at) claimed ON true
    WHERE taken.units > coalesce(claimed.units, 0)
    """,
)
sql_invariant(
    "E4",
    "The facts of one order are numbered without a gap.",
    """
    SELECT subject_type, subject_id, count(*) AS facts, max(sequence) AS last FROM core_storedfact
    WHERE sequence IS NOT NULL GROUP BY 1, 2 HAVING count(*) <> max(sequence)
    """,
)


sql_invariant(
    "O40",
    "An order waits for a risk review exactly where one is open.",
    """
    SELECT o.id AS order_id, o.number, o.risk_level FROM orders_order o
    WHERE (o.risk_level IN ('review', 'hold'))
          <> EXISTS (SELECT 1 FROM orders_riskreview review
                     WHERE review.order_id = o.id AND review.closed_at IS NULL)
    """,
)


sql_invariant(
    "O43",
    "No two goods were bought together in more orders than either, nor in one way round only.",
    """
    SELECT pair.anchor_id, pair.other_id, pair.orders FROM orders_boughttogether pair
    LEFT JOIN orders_bought one ON one.variant_id = pair.anchor_id
    LEFT JOIN orders_boughttogether back
      ON back.anchor_id = pair.other_id AND back.other_id = pair.anchor_id
    WHERE pair.orders > coalesce(one.orders, 0) OR pair.orders IS DISTINCT FROM back.orders
    """,
)


@invariant("O41", "A risk decision comes out the same when it is made again.")
def decisions_replay() -> list[dict[str, Any]]:
    offences = []
    latest = RiskDecision.objects.select_related("rule_set").order_by("-pk")
    for kept in latest[:REPLAYED]:
        again = decide(Facts.from_json(kept.inputs), kept.rule_set.version)
        reasons = [reason.as_json() for reason in again.reasons]
        if (again.score, again.outcome, reasons) != (kept.score, kept.outcome, kept.reasons):
            offences.append({"decision_id": kept.pk, "order_id": kept.order_id})
    return offences


@invariant("O42", "A version that scores was back-tested as it is.")
def live_rules_were_tested() -> list[dict[str, Any]]:
    live = RiskRuleSet.objects.filter(state=RiskRuleSetState.LIVE)
    return [
        {"rule_set_id": rules.pk, "number": rules.number}
        for rules in live
        if not rules.backtests.filter(
            digest=rules.version.digest, finished_at__isnull=False
        ).exists()
    ]


@invariant("O4", "The stored statuses of an order are those that its counters give.")
def statuses_are_projections() -> list[dict[str, Any]]:
    offences = []
    for order in Order.objects.iterator(chunk_size=500):
        stored = (order.payment_status, order.fulfilment_status, order.return_status)
        project(order)
        if stored != (order.payment_status, order.fulfilment_status, order.return_status):
            offences.append({"order_id": order.pk, "number": order.number, "stored": list(stored)})
    return offences[:100]
