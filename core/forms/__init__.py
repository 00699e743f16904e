"""Forms of the ground's own pages."""
