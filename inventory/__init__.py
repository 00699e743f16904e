"""inventory owns what can be sold and where it lies: catalogue, stock and demand, on core."""
