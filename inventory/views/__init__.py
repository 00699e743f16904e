"""Pages of stock, the catalogue and places."""
