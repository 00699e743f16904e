"""Makes an API key and prints its secret, once."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand

from core.actors import Actor, ActorKind, acting
from core.api.keys import create_api_key
from core.clock import now
from core.errors import DomainError
from core.models import Channel

EPILOG = """examples:
  manage.py create_api_key --name shop --scopes orders.see,orders.place --channel web-eu
  manage.py create_api_key --name mirror --scopes orders.see inventory.see --json
  manage.py create_api_key --name everything --scopes "*"

exit codes: 0 made, 2 wrong usage"""


class Command(BaseCommand):
    help = "Make an API key; its secret is printed once and kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        parser.add_argument("--name", required=True, help="the program that will use it")
        parser.add_argument(
            "--scopes", required=True, nargs="+", help="rights, such as orders.see; app.* or *"
        )
        parser.add_argument("--channel", help="code of the only channel it may see")
        parser.add_argument("--per-minute", type=int, default=1_200, help="requests a minute")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        channel = None
        if options["channel"]:
            channel = Channel.objects.filter(code=options["channel"]).first()
            if channel is None:
                self._refuse(f"No channel has the code {options['channel']}.")
        if not 0 < options["per_minute"] <= 10_000_000:
            self._refuse("--per-minute takes 1 to 10,000,000.")
        words = [word for part in options["scopes"] for word in part.replace(",", " ").split()]
        try:
            with acting(Actor(ActorKind.COMMAND, "create_api_key", "create_api_key")):
                key, secret = create_api_key(
                    name=options["name"],
                    scopes=words,
                    channel=channel,
                    per_minute=options["per_minute"],
                    now=now(),
                )
        except DomainError as refusal:
            self._refuse(refusal.message)
        if options["json"]:
            made = {
                "id": key.pk,
                "name": key.name,
                "prefix": key.prefix,
                "key": secret,
                "scopes": key.scopes,
                "channel": channel.code if channel else None,
            }
            self.stdout.write(json.dumps(made))
        else:
            self.stdout.write(secret)
            self.stderr.write(f"{key.name}: {', '.join(key.scopes)}. Keep the secret safe.")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(2)
