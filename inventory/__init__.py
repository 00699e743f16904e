"""inventory owns what can be sold and where it lies: catalogue, stock, demand; it stands on core."""
