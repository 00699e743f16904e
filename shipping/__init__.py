"""shipping owns picking, packing, parcels and their way; it stands on orders."""
