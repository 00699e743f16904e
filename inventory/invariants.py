"""What must never be false about stock (codes as in the design's catalogue)."""

from core.invariants import sql_invariant

sql_invariant(
    "S1",
    "A stock level is the sum of its movements, in every condition.",
    """
    SELECT level.id AS level_id, level.variant_id, level.location_id,
           level.sellable, level.quality_control, level.damaged,
           coalesce(moved.sellable, 0) AS moved_sellable,
           coalesce(moved.quality_control, 0) AS moved_quality_control,
           coalesce(moved.damaged, 0) AS moved_damaged
    FROM inventory_stocklevel level
    LEFT JOIN (
        SELECT level_id,
               sum(quantity) FILTER (WHERE condition = 'sellable') AS sellable,
               sum(quantity) FILTER (WHERE condition = 'quality_control') AS quality_control,
               sum(quantity) FILTER (WHERE condition = 'damaged') AS damaged
        FROM inventory_movement GROUP BY level_id
    ) moved ON moved.level_id = level.id
    WHERE (level.sellable, level.quality_control, level.damaged) IS DISTINCT FROM
          (coalesce(moved.sellable, 0), coalesce(moved.quality_control, 0), coalesce(moved.damaged, 0))
    """,
)
sql_invariant(
    "S1b",
    "The newest movement of a level and condition carries the figure that the level shows.",
    """
    SELECT newest.level_id, newest.condition, newest.balance
    FROM (SELECT DISTINCT ON (level_id, condition) level_id, condition, balance
          FROM inventory_movement ORDER BY level_id, condition, id DESC) newest
    JOIN inventory_stocklevel level ON level.id = newest.level_id
    WHERE newest.balance <> CASE newest.condition WHEN 'sellable' THEN level.sellable
          WHEN 'quality_control' THEN level.quality_control ELSE level.damaged END
    """,
)
sql_invariant(
    "S2",
    "What a level has allocated is the sum of the open allocations on it.",
    """
    SELECT level.id AS level_id, level.variant_id, level.location_id, level.allocated,
           coalesce(held.units, 0) AS held
    FROM inventory_stocklevel level
    LEFT JOIN (SELECT level_id, sum(quantity - consumed - released) AS units
               FROM inventory_allocation GROUP BY level_id) held ON held.level_id = level.id
    WHERE level.allocated <> coalesce(held.units, 0)
    """,
)
sql_invariant(
    "S2b",
    "What a demand has allocated and consumed are the sums of its allocations.",
    """
    SELECT demand.id AS demand_id, demand.reference, demand.allocated, demand.consumed,
           coalesce(held.units, 0) AS held, coalesce(held.consumed, 0) AS taken
    FROM inventory_demand demand
    LEFT JOIN (SELECT demand_id, sum(quantity - consumed - released) AS units,
                      sum(consumed) AS consumed
               FROM inventory_allocation GROUP BY demand_id) held ON held.demand_id = demand.id
    WHERE demand.allocated <> coalesce(held.units, 0)
       OR demand.consumed <> coalesce(held.consumed, 0)
    """,
)
sql_invariant(
    "S2c",
    "An allocation lies on stock of the variant that its demand wants.",
    """
    SELECT allocation.id AS allocation_id, demand.variant_id AS wanted, level.variant_id AS held
    FROM inventory_allocation allocation
    JOIN inventory_demand demand ON demand.id = allocation.demand_id
    JOIN inventory_stocklevel level ON level.id = allocation.level_id
    WHERE demand.variant_id <> level.variant_id
    """,
)
sql_invariant(
    "S3",
    "No level is negative and none has more allocated and reserved than is sellable.",
    """
    SELECT id AS level_id, variant_id, location_id, sellable, quality_control, damaged, allocated,
           reserved
    FROM inventory_stocklevel
    WHERE allocated + reserved > sellable
       OR least(sellable, quality_control, damaged, allocated, reserved) < 0
    """,
)
sql_invariant(
    "S2d",
    "What a level has reserved is the sum of the open reservations on it.",
    """
    SELECT level.id AS level_id, level.variant_id, level.location_id, level.reserved,
           coalesce(kept.units, 0) AS kept
    FROM inventory_stocklevel level
    LEFT JOIN (SELECT level_id, sum(quantity) AS units FROM inventory_reservation
               WHERE ended_at IS NULL GROUP BY level_id) kept ON kept.level_id = level.id
    WHERE level.reserved <> coalesce(kept.units, 0)
    """,
)
sql_invariant(
    "S6",
    "Where lots are told apart, the lots of a level add up to the level, and to their allocations.",
    """
    SELECT level.id AS level_id, level.variant_id, level.location_id,
           level.sellable, level.quality_control, level.damaged, level.allocated,
           lots.sellable AS lots_sellable, lots.allocated AS lots_allocated
    FROM inventory_stocklevel level
    JOIN inventory_variant variant ON variant.id = level.variant_id AND variant.tracking = 'lot'
    LEFT JOIN (SELECT level_id, sum(sellable) AS sellable, sum(quality_control) AS quality_control,
                      sum(damaged) AS damaged, sum(allocated) AS allocated
               FROM inventory_lotbalance GROUP BY level_id) lots ON lots.level_id = level.id
    WHERE (level.sellable, level.quality_control, level.damaged, level.allocated) IS DISTINCT FROM
          (coalesce(lots.sellable, 0), coalesce(lots.quality_control, 0),
           coalesce(lots.damaged, 0), coalesce(lots.allocated, 0))
    """,
)
sql_invariant(
    "S6b",
    "What of a lot is allocated at a level is the sum of the open allocations of that lot there.",
    """
    SELECT balance.level_id, balance.lot_id, balance.allocated, coalesce(held.units, 0) AS held
    FROM inventory_lotbalance balance
    LEFT JOIN (SELECT level_id, lot_id, sum(quantity - consumed - released) AS units
               FROM inventory_allocation GROUP BY level_id, lot_id) held
      ON held.level_id = balance.level_id AND held.lot_id = balance.lot_id
    WHERE balance.allocated <> coalesce(held.units, 0)
    """,
)
sql_invariant(
    "S6c",
    "A lot lies only on levels of the variant that it is a lot of.",
    """
    SELECT balance.level_id, balance.lot_id, lot.variant_id AS made_as, level.variant_id AS kept_as
    FROM inventory_lotbalance balance
    JOIN inventory_lot lot ON lot.id = balance.lot_id
    JOIN inventory_stocklevel level ON level.id = balance.level_id
    WHERE lot.variant_id <> level.variant_id
    """,
)
sql_invariant(
    "S5",
    "A transfer's units are conserved: what left the source came, was lost or is on the way.",
    """
    SELECT transfer.number, lines.variant_id, lines.shipped, lines.received,
           coalesce(moved.out, 0) AS left_source, coalesce(moved.came, 0) AS came_to_target
    FROM inventory_transfer transfer
    JOIN (SELECT transfer_id, variant_id, sum(shipped) AS shipped, sum(received) AS received
          FROM inventory_transferline GROUP BY transfer_id, variant_id) lines
      ON lines.transfer_id = transfer.id
    LEFT JOIN LATERAL (
        SELECT -sum(movement.quantity) FILTER (WHERE movement.reason = 'transfer_out'
                 AND level.location_id = transfer.source_id) AS out,
               sum(movement.quantity) FILTER (WHERE movement.reason = 'transfer_in'
                 AND level.location_id = transfer.target_id) AS came
        FROM inventory_movement movement
        JOIN inventory_stocklevel level ON level.id = movement.level_id
        WHERE movement.reference = transfer.number AND level.variant_id = lines.variant_id
    ) moved ON true
    WHERE (lines.shipped, lines.received)
       IS DISTINCT FROM (coalesce(moved.out, 0), coalesce(moved.came, 0))
    """,
)
sql_invariant(
    "S5b",
    "A count is booked once: its movements are the differences that its lines say were booked.",
    """
    SELECT session.number, lines.variant_id, lines.booked, coalesce(moved.units, 0) AS moved
    FROM inventory_countsession session
    JOIN (SELECT session_id, variant_id, sum(coalesce(booked, 0)) AS booked
          FROM inventory_countline GROUP BY session_id, variant_id) lines
      ON lines.session_id = session.id
    LEFT JOIN LATERAL (
        SELECT sum(movement.quantity) AS units FROM inventory_movement movement
        JOIN inventory_stocklevel level ON level.id = movement.level_id
        WHERE movement.reference = session.number AND level.variant_id = lines.variant_id
    ) moved ON true
    WHERE lines.booked <> coalesce(moved.units, 0)
    """,
)
sql_invariant(
    "S5c",
    "What an assembly order took and gave are the movements in its name.",
    """
    SELECT assembly.number, assembly.state, coalesce(moved.used, 0) AS used,
           coalesce(moved.given, 0) AS given
    FROM inventory_assemblyorder assembly
    LEFT JOIN LATERAL (
        SELECT -sum(quantity) FILTER (WHERE reason = 'used') AS used,
               sum(quantity) FILTER (WHERE reason = 'assembled') AS given
        FROM inventory_movement WHERE reference = assembly.number
    ) moved ON true
    LEFT JOIN LATERAL (SELECT coalesce(sum(part.used), 0) AS units FROM inventory_assemblypart part
                       WHERE part.order_id = assembly.id) parts ON true
    WHERE coalesce(moved.used, 0) <> CASE
              WHEN assembly.state IN ('draft', 'cancelled') THEN 0
              WHEN assembly.is_disassembly THEN assembly.quantity ELSE parts.units END
       OR coalesce(moved.given, 0) <> CASE WHEN assembly.state <> 'done' THEN 0
              WHEN assembly.is_disassembly THEN parts.units ELSE assembly.made END
    """,
)
sql_invariant(
    "S8",
    "What a purchase line has received is the sum of its posted receipts.",
    """
    SELECT line.id AS line_id, line.sku, line.received, coalesce(came.units, 0) AS came
    FROM inventory_purchaseorderline line
    LEFT JOIN (SELECT row.line_id, sum(row.quantity) AS units
               FROM inventory_receiptline row
               JOIN inventory_receipt receipt ON receipt.id = row.receipt_id
               WHERE receipt.state = 'posted' GROUP BY row.line_id) came ON came.line_id = line.id
    WHERE line.received <> coalesce(came.units, 0)
    """,
)
sql_invariant(
    "S9",
    "What purchase orders received is what the ledger took in under their numbers.",
    """
    SELECT bought.number, bought.variant_id, bought.units, coalesce(moved.units, 0) AS moved
    FROM (SELECT purchase.number, purchase.location_id, line.variant_id,
                 sum(line.received) AS units
          FROM inventory_purchaseorder purchase
          JOIN inventory_purchaseorderline line ON line.order_id = purchase.id
          GROUP BY purchase.number, purchase.location_id, line.variant_id) bought
    LEFT JOIN LATERAL (
        SELECT sum(movement.quantity) AS units FROM inventory_movement movement
        JOIN inventory_stocklevel level ON level.id = movement.level_id
        WHERE movement.reference = bought.number AND movement.reason = 'receipt'
          AND level.variant_id = bought.variant_id AND level.location_id = bought.location_id
    ) moved ON true
    WHERE bought.units <> coalesce(moved.units, 0)
    """,
)
sql_invariant(
    "S10",
    "A landed cost is spread over the goods to the last cent.",
    """
    SELECT cost.id AS cost_id, cost.amount, sum(share.amount) AS spread
    FROM inventory_landedcost cost
    JOIN inventory_landedshare share ON share.cost_id = cost.id
    GROUP BY cost.id, cost.amount HAVING sum(share.amount) <> cost.amount
    """,
)
sql_invariant(
    "S11",
    "A purchase order that is over has nothing to come, and one that is partly received has.",
    """
    SELECT purchase.number, purchase.state, sum(line.quantity + line.over - line.received
           - line.cancelled) AS still_to_come
    FROM inventory_purchaseorder purchase
    JOIN inventory_purchaseorderline line ON line.order_id = purchase.id
    WHERE purchase.state IN ('partly_received', 'received', 'closed_short', 'cancelled')
    GROUP BY purchase.id
    HAVING (sum(line.quantity + line.over - line.received - line.cancelled) > 0)
           <> (purchase.state = 'partly_received')
    """,
)
sql_invariant(
    "S12",
    "No barcode names two things, whether it is a variant's own or a further one.",
    """
    SELECT code.code, code.variant_id, own.id AS other_id FROM inventory_barcode code
    JOIN inventory_variant own ON own.barcode = code.code
    """,
)
sql_invariant(
    "S6d",
    "No more serial numbers lie at a level, in any condition, than units do.",
    """
    SELECT level.id AS level_id, level.variant_id, level.location_id, numbered.condition,
           numbered.numbers
    FROM (SELECT level_id, condition, count(*) AS numbers FROM inventory_serial
          WHERE state = 'in_stock' GROUP BY level_id, condition) numbered
    JOIN inventory_stocklevel level ON level.id = numbered.level_id
    WHERE numbered.numbers > CASE numbered.condition WHEN 'sellable' THEN level.sellable
          WHEN 'quality_control' THEN level.quality_control ELSE level.damaged END
    """,
)
sql_invariant(
    "S13",
    "Kits and services have no stock of their own.",
    """
    SELECT variant.sku, level.location_id FROM inventory_stocklevel level
    JOIN inventory_variant variant ON variant.id = level.variant_id AND variant.kind <> 'stocked'
    WHERE level.sellable + level.quality_control + level.damaged + level.allocated > 0
    """,
)
