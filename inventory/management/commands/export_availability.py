"""Prints what a channel may sell: `manage.py export_availability --channel web-eu --since 1200`."""

import csv
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.models import Channel
from inventory.selectors.feed import changes_since
from inventory.services import refresh_feed


class Command(BaseCommand):
    """The availability feed of one channel, to standard output."""

    help = (
        "Print what a channel may sell of each SKU, brought up to date first. Every change has a"
        " version that is higher than all before it: keep the highest, and give it as --since."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--channel", required=True, metavar="CODE")
        parser.add_argument(
            "--since", type=int, default=0, metavar="VERSION", help="only what is newer"
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one JSON object (default: CSV)")
        form.add_argument("--csv", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        channel = Channel.objects.filter(code=options["channel"]).first()
        if channel is None:
            known = ", ".join(Channel.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(
                f"No channel has the code “{options['channel']}”; there are: {known}."
            )
        refresh_feed(channel, now=clock.now())
        rows = list(changes_since(channel, options["since"]))
        told = [
            {
                "sku": row["variant__sku"],
                "available": row["available"],
                "version": row["version"],
                "changed_at": row["changed_at"].isoformat(),
            }
            for row in rows
        ]
        if options["json"]:
            last = told[-1]["version"] if told else options["since"]
            answer = {"channel": channel.code, "version": last, "changes": told}
            self.stdout.write(json.dumps(answer, indent=2))
            return
        writer = csv.DictWriter(
            self.stdout, ["sku", "available", "version", "changed_at"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(told)
