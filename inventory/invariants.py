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
