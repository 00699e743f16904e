"""Whole stories, and every page, in a real browser."""
