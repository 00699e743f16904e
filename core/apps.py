"""Names the app and finds what the others plug in."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

PLUGS = ("events", "rights", "handlers", "panels", "invariants", "importers", "jobs", "documents")


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Ground"

    def ready(self) -> None:
        autodiscover_modules(*PLUGS)
