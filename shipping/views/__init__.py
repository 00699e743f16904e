"""The pages of shipping: the queue, picking, packing, shipments and parcels."""
