"""Shipping for machines: work picked, packed, labelled, dispatched, and what is heard of parcels."""

from shipping.api import packing, picking, shipments

ROOMS = (picking.room, packing.room, shipments.room)
