"""What must never be false about returns."""

from core.invariants import sql_invariant

sql_invariant(
    "R1",
    "What returns still expect of an order line is what the line says is coming back.",
    """
    SELECT line.id AS line_id, line.sku, line.return_requested, coalesce(told.units, 0) AS told
    FROM orders_orderline line
    LEFT JOIN (SELECT rl.order_line_id,
                      sum(CASE WHEN r.state = 'received' THEN rl.received ELSE rl.quantity END)
                        AS units
               FROM returns_returnline rl JOIN returns_returnrequest r ON r.id = rl.request_id
               WHERE r.state IN ('requested', 'approved', 'received') GROUP BY 1) told
      ON told.order_line_id = line.id
    WHERE line.return_requested <> coalesce(told.units, 0)
    """,
)
sql_invariant(
    "R2",
    "What inspected returns count is what their order lines say came back since.",
    """
    SELECT line.id AS line_id, line.sku FROM orders_orderline line
    JOIN (SELECT rl.order_line_id, sum(rl.received) AS units
          FROM returns_returnline rl JOIN returns_returnrequest r ON r.id = rl.request_id
          WHERE r.state IN ('inspected', 'closed') GROUP BY 1) told
      ON told.order_line_id = line.id
    WHERE told.units > line.returned
    """,
)
