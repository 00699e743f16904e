"""Demand foretold and orders sized: pure figures, no rows, no clock. Days are the unit of time."""
