"""Webhooks that come in: shops tell us of orders as they are placed, changed, cancelled, refunded."""
