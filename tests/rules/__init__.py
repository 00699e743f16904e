"""Automation rules: what they say, what they do, and that both are the same."""
