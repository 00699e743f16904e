"""Template tags of shipping."""
