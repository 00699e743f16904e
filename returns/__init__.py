"""returns owns goods coming back; it stands on orders, payments, shipping and inventory."""
