"""What must never be false about parcels, labels and tracking (codes as in the design's catalogue)."""

from typing import Any

from core.invariants import invariant, sql_invariant
from shipping.models import Parcel
from shipping.projections import Heard, reduce_events
from shipping.states import ShipmentState

sql_invariant(
    "F1",
    "A parcel has at most one live label; every label of a shipment that left is bought, and none is"
    " live on a shipment that was unpacked.",
    """
    SELECT p.id AS parcel_id, s.number, count(l.id) AS live_labels
    FROM shipping_parcel p
    JOIN shipping_shipment s ON s.id = p.shipment_id
    LEFT JOIN shipping_label l ON l.parcel_id = p.id
         AND l.state IN ('requested', 'bought', 'voiding')
    WHERE EXISTS (SELECT 1 FROM shipping_parcelline pl WHERE pl.parcel_id = p.id)
    GROUP BY p.id, s.number, s.state
    HAVING count(l.id) > 1
        OR (s.state = 'cancelled' AND count(l.id) > 0)
        OR (s.state IN ('labelled', 'dispatched') AND count(l.id) = 0)
    """,
)
sql_invariant(
    "O2b",
    "Units in parcels never exceed what a line asks for; those of shipments that left are the"
    " fulfilment line's, and the pick's counters say the same.",
    """
    SELECT fl.id AS fulfilment_line_id, f.number, boxed.units AS in_parcels, boxed.gone,
           fl.quantity, fl.shipped
    FROM orders_fulfilmentline fl
    JOIN orders_fulfilment f ON f.id = fl.fulfilment_id
    JOIN (SELECT pl.fulfilment_line_id, sum(pl.quantity) AS units,
                 sum(pl.quantity) FILTER (WHERE s.state = 'dispatched') AS gone
          FROM shipping_parcelline pl
          JOIN shipping_parcel p ON p.id = pl.parcel_id
          JOIN shipping_shipment s ON s.id = p.shipment_id AND s.state <> 'cancelled'
          GROUP BY 1) boxed ON boxed.fulfilment_line_id = fl.id
    LEFT JOIN (SELECT line.fulfilment_line_id, line.packed FROM shipping_pickline line
               JOIN shipping_pick pick ON pick.id = line.pick_id
               WHERE pick.state IN ('open', 'done')) pick ON pick.fulfilment_line_id = fl.id
    WHERE boxed.units > fl.quantity
       OR coalesce(boxed.gone, 0) <> fl.shipped
       OR (pick.packed IS NOT NULL AND pick.packed <> boxed.units)
    """,
)


@invariant("F2", "Where a parcel is said to be is what the events heard of it come to.")
def parcels_stand_where_their_events_say() -> list[dict[str, Any]]:
    offences = []
    on_the_road = Parcel.objects.filter(shipment__state=ShipmentState.DISPATCHED)
    for parcel in on_the_road.prefetch_related("events").iterator(chunk_size=500):
        heard = [Heard(event.status, event.occurred_at) for event in parcel.events.all()]
        found = reduce_events(heard)
        if (parcel.tracking_status, parcel.tracked_at, parcel.delivered_at) != (
            found.status,
            found.since,
            found.delivered_at,
        ):
            offences.append({"parcel_id": parcel.pk, "stored": parcel.tracking_status})
    return offences
