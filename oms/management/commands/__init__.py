"""The management commands of the whole system, one per module."""
