"""Who may pick, pack, ship and follow parcels."""

from core.rights import Role, right

SEE_SHIPMENTS = right("shipping.see", "See work lists and shipments", *Role)
PICK_AND_PACK = right("shipping.pack", "Pick, pack and dispatch", Role.WAREHOUSE)
VOID_LABELS = right("shipping.void", "Void labels", Role.WAREHOUSE)
RECORD_TRACKING = right("shipping.track", "Record tracking events", Role.WAREHOUSE, Role.SALES)
IMPORT_TRACKING = right("shipping.import", "Import tracking events", Role.SALES)
