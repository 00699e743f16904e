"""This app's rows in the admin, for repairs."""

from core.repair import register_models

register_models("customers")
