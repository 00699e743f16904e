"""This app's rows in the admin, for repairs; what payments come to is only read there."""

from core.repair import register_models

register_models("payments", read_only=("Payment",))
