"""Demand foretold and orders sized: figures that can be checked by hand or against a book."""
