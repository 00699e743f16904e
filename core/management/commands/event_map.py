"""Prints who reacts to which fact, or writes it to docs/events.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import event_map


class Command(BaseCommand):
    help = "Print who reacts to what; --write keeps docs/events.md true."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/events.md")

    def handle(self, *_args: Any, **options: Any) -> None:
        if dangling := event_map.dangling():
            raise CommandError("No app states what these wait for:\n" + "\n".join(dangling))
        page = event_map.as_markdown()
        if not options["write"]:
            self.stdout.write(page)
            return
        path = Path(settings.BASE_DIR) / "docs" / "events.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page)
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
