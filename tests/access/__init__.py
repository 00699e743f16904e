"""Tests of who may open what, and of the ground's own pages."""
