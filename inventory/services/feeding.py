"""The feed of availability to channels: what changed since, in versions that never go back."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from core.models import Channel
from inventory.models import ChannelStockRule

FEED_LOCK = 20_261_122

# What a channel may sell of each variant, as inventory.selectors.availability works it out; rows
# that differ from what is known get the next versions. What is no longer sold goes to zero.
REFRESH = """
    WITH RECURSIVE wanted AS (
        SELECT variant.id, variant.is_active AND product.is_active AS is_sold
        FROM inventory_variant variant JOIN inventory_product product
             ON product.id = variant.product_id
        WHERE variant.kind <> 'service' AND (%(all)s OR variant.id = ANY(%(variants)s) OR variant.id IN (
            SELECT whole_id FROM above))
    ), above(whole_id) AS (
        SELECT whole_id FROM inventory_part WHERE part_id = ANY(%(variants)s)
        UNION SELECT part.whole_id FROM above JOIN inventory_part part ON part.part_id = above.whole_id
    ), made(root, id, units) AS (
        SELECT id, id, 1::bigint FROM wanted WHERE is_sold
        UNION ALL
        SELECT made.root, part.part_id, made.units * part.quantity
        FROM made JOIN inventory_variant whole ON whole.id = made.id AND whole.kind = 'kit'
             JOIN inventory_part part ON part.whole_id = made.id
    ), needed AS (
        SELECT made.root, made.id, sum(made.units) AS units
        FROM made JOIN inventory_variant variant ON variant.id = made.id AND variant.kind = 'stocked'
        GROUP BY 1, 2
    ), free AS (
        SELECT level.variant_id, sum(greatest(0,
            CASE WHEN variant.tracking = 'lot' THEN coalesce(lots.usable, 0)
                 ELSE level.sellable - level.allocated END
            - level.reserved - level.safety - %(buffer)s)) AS units
        FROM inventory_stocklevel level
        JOIN inventory_variant variant ON variant.id = level.variant_id
        JOIN inventory_channellocation link
             ON link.location_id = level.location_id AND link.channel_id = %(channel)s
        JOIN inventory_location location ON location.id = link.location_id AND location.is_active
        LEFT JOIN LATERAL (
            SELECT sum(balance.sellable - balance.allocated) AS usable
            FROM inventory_lotbalance balance JOIN inventory_lot lot ON lot.id = balance.lot_id
            WHERE balance.level_id = level.id AND lot.recalled_at IS NULL
                  AND (lot.expires_on IS NULL OR lot.expires_on >= %(usable_on)s)
        ) AS lots ON variant.tracking = 'lot'
        WHERE level.variant_id IN (SELECT id FROM needed)
        GROUP BY 1
    ), truth AS (
        SELECT wanted.id,
               coalesce(min(floor(coalesce(free.units, 0) / needed.units)), 0)::bigint AS available
        FROM wanted LEFT JOIN needed ON needed.root = wanted.id
             LEFT JOIN free ON free.variant_id = needed.id
        GROUP BY 1
    ), changed AS (
        SELECT truth.id, truth.available
        FROM truth LEFT JOIN inventory_channelstock known
             ON known.variant_id = truth.id AND known.channel_id = %(channel)s
        JOIN wanted ON wanted.id = truth.id
        WHERE known.available IS DISTINCT FROM truth.available
              AND (wanted.is_sold OR known.id IS NOT NULL)
        ORDER BY truth.id
    )
    INSERT INTO inventory_channelstock AS kept (channel_id, variant_id, available, version, changed_at)
    SELECT %(channel)s, id, available, nextval('inventory_feed_version'), %(now)s FROM changed
    ON CONFLICT (channel_id, variant_id) DO UPDATE SET available = excluded.available,
        version = excluded.version, changed_at = excluded.changed_at
"""


@transaction.atomic
def refresh_feed(
    channel: Channel, *, variant_ids: Collection[int] | None = None, now: datetime
) -> int:
    """Bring a channel's feed up to what is true now (of these variants and the kits that they are
    part of, or of all); returns how many figures changed.

    One at a time for a channel, so that its versions grow in the order of their commits: whoever
    asks for what is newer than the highest version he knows misses nothing. Two statements.
    """
    if variant_ids is not None and not variant_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [FEED_LOCK, channel.pk])
        cursor.execute(
            REFRESH,
            {
                "all": variant_ids is None,
                "variants": list(variant_ids or ()),
                "channel": channel.pk,
                "buffer": channel.stock_buffer,
                "usable_on": now.date() + timedelta(days=_shelf_life(channel)),
                "now": now,
            },
        )
        return int(cursor.rowcount)


def _shelf_life(channel: Channel) -> int:
    rule = ChannelStockRule.objects.filter(channel=channel).first()
    return rule.shelf_life_days if rule else 0


def refresh_feeds(*, variant_ids: Collection[int] | None = None, now: datetime) -> int:
    """Bring the feed of every active channel up to date; returns how many figures changed."""
    return sum(
        refresh_feed(channel, variant_ids=variant_ids, now=now)
        for channel in Channel.objects.filter(is_active=True)
    )
