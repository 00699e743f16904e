"""Saving a setting: nobody overwrites what somebody else changed, and every change is a fact."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.forms import ModelForm

from core import outbox
from core.audit import subject_type
from core.errors import StaleEdit
from core.models import StoredFact
from core.settings_pages import ModelSettings


def last_change(subject: models.Model) -> StoredFact | None:
    """The newest fact about a thing: who changed it last, and its version for forms."""
    return (
        StoredFact.objects.filter(subject_type=subject_type(subject), subject_id=subject.pk)
        .order_by("-id")
        .first()
    )


def version_of(subject: models.Model) -> int:
    """What a form carries so that a stale one is noticed; 0 for a thing never changed by hand."""
    newest = last_change(subject) if subject.pk else None
    return newest.pk if newest else 0


def save_setting(kind: ModelSettings, form: "ModelForm[Any]", *, version: int) -> models.Model:
    """Save a valid form. Raises StaleEdit, with what happened since, when `version` is not the newest."""
    with transaction.atomic():
        before: Mapping[str, Any] = {}
        subject = form.instance
        if subject.pk:
            stored = kind.model._default_manager.select_for_update().get(pk=subject.pk)
            refuse_stale(stored, version)
            before = {name: _shown(stored, name) for name in _columns(form)}
        what = "changed" if subject.pk else "created"
        saved: models.Model = form.save()
        changes = {
            _label(form, name): (before.get(name), _shown(saved, name)) for name in _columns(form)
        }
        if changes or what == "created":
            key = f"{subject_type(saved)}_id"
            fact = kind.changed(**{key: saved.pk}, label=str(saved), what=what)
            outbox.publish(fact, changes=changes)
    return saved


def _columns(form: "ModelForm[Any]") -> list[str]:
    """What changed of the thing itself; what a form keeps elsewhere is told by the verb it calls."""
    return [
        name
        for name in form.changed_data
        if name.startswith("custom_") or hasattr(type(form.instance), name)
    ]


def refuse_stale(subject: models.Model, version: int) -> None:
    """Raise StaleEdit when facts about the thing are newer than the form."""
    since = list(
        StoredFact.objects.filter(
            subject_type=subject_type(subject), subject_id=subject.pk, id__gt=version
        ).order_by("id")[:20]
    )
    if since:
        raise StaleEdit(
            "Your changes were not saved. Reload to see what is there now, then make them again.",
            changes=[_sentence(fact) for fact in since],
        )


def _sentence(fact: StoredFact) -> str:
    fields: Sequence[str] = [
        f"{name}: {before if before not in (None, '') else '–'} → {after}"
        for name, (before, after) in fact.changes.items()
    ]
    return f"{fact.actor_label}: {fact.sentence}" + (f" ({'; '.join(fields)})" if fields else "")


def _label(form: "ModelForm[Any]", name: str) -> str:
    return str(form.fields[name].label or name).lower()


def _shown(subject: models.Model, name: str) -> Any:
    custom = getattr(subject, "custom", None)
    if isinstance(custom, dict) and name.startswith("custom_"):
        return custom.get(name.removeprefix("custom_"))
    value = getattr(subject, name, None)
    if isinstance(value, models.Manager):
        return ", ".join(str(one) for one in value.all())
    if isinstance(value, models.Model):
        return str(value)
    display = getattr(subject, f"get_{name}_display", None)
    return display() if display else value
