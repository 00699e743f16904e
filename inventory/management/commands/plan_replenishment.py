"""`manage.py plan_replenishment`: foretell demand and renew what is suggested, as every night."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from inventory.services import order_automatically, plan_replenishment


class Command(BaseCommand):
    help = "Foretell demand, renew what is suggested, and order what rules let be ordered unasked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-orders", action="store_true", help="suggest only; order nothing automatically"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = clock.now()
        planned = plan_replenishment(now=now)
        orders = [] if options["no_orders"] else order_automatically(now=now)
        if options["json"]:
            figures = {
                "planned": planned.pairs,
                "suggestions": planned.suggestions,
                "low": planned.low,
                "ordered": orders,
            }
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(
            f"{planned.pairs} planned, {planned.suggestions} suggestions, {planned.low} low."
        )
        if orders:
            self.stdout.write(f"Ordered: {', '.join(orders)}.")
