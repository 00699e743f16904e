"""Fill an empty system with the demo shop: ./run manage seed_demo."""

from datetime import timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core import clock
from core.models import Channel
from oms.demo.filling import DAYS, fill
from oms.demo.store import LOGINS, PASSWORD, build
from oms.jobs import start_rest

SEED = 2026


class Command(BaseCommand):
    help = "Fill an empty system with a believable shop; the rest of its orders come as a job."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--orders", type=int, default=300, help="orders made before it returns")
        parser.add_argument("--rest", type=int, default=1_200, help="orders made by a job after it")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, quietly, where data is already"
        )
        parser.add_argument(
            "--print-logins", action="store_true", help="only print role, e-mail and password"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_logins"]:
            for role, email, _ in LOGINS:
                self.stdout.write(f"{role.label:<12}  {email:<24}  {PASSWORD}")
            return
        if Channel.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError(
                "This system holds data already; the demo is only for an empty one. Start with"
                " another OMS_VAR for a fresh demo."
            )
        now = timezone.now()
        opened_at = now - timedelta(days=DAYS)
        with clock.at(opened_at):
            store = build(Random(SEED), opened_at=opened_at)  # noqa: S311
        for placed in fill(store, count=options["orders"], seed=SEED, now=now):
            if placed % 100 == 0:
                self.stdout.write(f"filling the demo store: {placed} orders")
        if options["rest"]:
            start_rest(count=options["rest"], seed=SEED + 1)
        self.stdout.write(
            f"the demo store holds {options['orders']} orders; {options['rest']:,} more are on"
            " their way as a job"
        )
