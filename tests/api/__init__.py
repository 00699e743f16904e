"""The JSON API, as programs call it."""
