"""Webhooks: machines elsewhere are told of events, by the Standard Webhooks specification 1.0.0."""
