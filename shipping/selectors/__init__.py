"""The questions about work, shipments and parcels."""
