"""Django's admin as a place for repairs: every row can be looked at, ledgers and states never changed."""

from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django_fsm import FSMFieldMixin

from core import brand
from core.access import to_login

COUNTED = 10_000
NARROW = (models.CharField, models.BooleanField, models.IntegerField, models.DateTimeField)


class RepairSite(admin.AdminSite):
    """The admin's frame: its login is the one of the back office, with every step of it."""

    site_header = f"{brand.PRODUCT}: repairs"
    site_title = "Repairs"
    index_title = "Raw rows. Prefer the back office: what is changed here runs no checks."
    site_url = "/"

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return to_login(request)


class CountsSoFar(Paginator):  # type: ignore[type-arg]
    """Counts up to 10,000 rows and no further: big tables open as fast as small ones."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.order_by().values_list("pk")[:COUNTED])


class RepairAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Any model's rows for whoever may open the admin; states of machines are shown, not set."""

    show_full_result_count = False
    paginator = CountsSoFar
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        narrow = [
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, NARROW) and not field.primary_key
        ]
        return ["pk", "__str__", *narrow[:5]]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        unique = [
            field.name
            for field in self.model._meta.concrete_fields
            if field.unique and isinstance(field, models.CharField)
        ]
        number = [] if self.model._meta.pk.is_relation else ["pk__iexact"]
        return [f"{name}__iexact" for name in unique] + number

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        guarded = [
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, FSMFieldMixin) or not field.editable
        ]
        return [*self.readonly_fields, *guarded]

    @property
    def raw_id_fields(self) -> list[str]:  # type: ignore[override]
        """Keys are typed: a list of a million orders in a select helps nobody."""
        return [
            field.name
            for field in (*self.model._meta.concrete_fields, *self.model._meta.many_to_many)
            if field.is_relation
        ]

    @property
    def ordering(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("-pk",)


class LedgerAdmin(RepairAdmin):
    """Rows that tell what happened: to be read, never written."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _may(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_staff", False))


def is_ledger(model: type[models.Model]) -> bool:
    """Whether the database itself refuses to change this table's rows."""
    return any(
        isinstance(trigger, pgtrigger.Protect) for trigger in getattr(model._meta, "triggers", ())
    )


def register_models(app_label: str, *, read_only: tuple[str, ...] = ()) -> None:
    """Open every model of an app for repairs: append-only tables and those named only for reading."""
    for model in apps.get_app_config(app_label).get_models():
        if not admin.site.is_registered(model):
            reads = is_ledger(model) or model.__name__ in read_only
            admin.site.register(model, LedgerAdmin if reads else RepairAdmin)
