"""payments owns money coming in and going out for orders; it stands on orders."""
