"""Holds the management commands of the whole system."""
