"""orders owns what was bought and what was promised; it stands on customers and inventory."""
