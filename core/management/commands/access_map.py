"""Prints who may open which address, or writes it to docs/access.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core import access_map


class Command(BaseCommand):
    help = "Print who may open what; --write keeps docs/access.md true."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/access.md")

    def handle(self, *_args: Any, **options: Any) -> None:
        page = access_map.as_markdown()
        if not options["write"]:
            self.stdout.write(page)
            return
        path = Path(settings.BASE_DIR) / "docs" / "access.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page)
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
