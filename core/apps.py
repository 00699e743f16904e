"""Names the app and finds what the others plug in."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules

from core.forms.limits import keep_within_columns
from core.forms.sentences import say_it_our_way
from core.whole_numbers import send_as_text

PLUGS = (
    "events",
    "rights",
    "handlers",
    "panels",
    "rules",
    "entries",
    "invariants",
    "importers",
    "jobs",
    "documents",
    "messages",
    "retention",
    "document_batches",
    "tables",
    "checks",
    "api",
)


class CoreConfig(AppConfig):
    default = True
    name = "core"
    verbose_name = "Ground"

    def ready(self) -> None:
        send_as_text()
        keep_within_columns()
        say_it_our_way()
        autodiscover_modules(*PLUGS)


class RepairConfig(AdminConfig):
    """Django's admin, as a place for repairs only."""

    default = False
    default_site = "core.repair.RepairSite"
