"""Printed papers: what was asked for, the bytes that were made and every printing."""

import pgtrigger
from django.db import models
from django.db.models import Q

from core.actors import ActorKind
from core.models.guards import append_only
from core.models.leased import Leased

REFUSE_CHANGE_OF_ISSUED = """
    IF OLD.is_final AND OLD.status = 'ready' THEN
        RAISE EXCEPTION 'issued document % cannot be changed', OLD.id;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
REFUSE_LOSS_OF_ISSUED = """
    IF EXISTS (
        SELECT 1 FROM core_document d
        WHERE d.id = OLD.document_id AND d.is_final AND d.status = 'ready'
    ) THEN
        RAISE EXCEPTION 'issued document % cannot be deleted', OLD.document_id;
    END IF;
    RETURN OLD;
"""


class DocumentStatus(models.TextChoices):
    PENDING = "pending", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class PageSize(models.TextChoices):
    A4 = "A4", "A4"
    LABEL = "label", "Label 100 × 150 mm"


class Document(Leased):
    """One version of a document about a subject. A final one is never changed once it is ready."""

    WAITING = DocumentStatus.PENDING
    PARKED = DocumentStatus.FAILED

    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    number = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    page = models.CharField(max_length=10, choices=PageSize.choices, default=PageSize.A4)
    is_final = models.BooleanField(default=False)
    status = models.CharField(
        max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.PENDING
    )
    input_hash = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject_type", "subject_id", "version"),
                name="core_document_version_once",
            ),
            models.UniqueConstraint(
                fields=("kind", "subject_type", "subject_id"),
                condition=Q(status="pending"),
                name="core_document_pending_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="core_document_due",
                condition=Q(status="pending"),
            ),
            models.Index(
                fields=("subject_type", "subject_id", "-id"), name="core_document_subject"
            ),
            models.Index(fields=("kind", "-id"), name="core_document_kind"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="issued_is_immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=REFUSE_CHANGE_OF_ISSUED,
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What people call it: kind, number if it has one, and version from the second on."""
        version = f"v{self.version}" if self.version > 1 else ""
        return " ".join(part for part in (self.label, self.number, version) if part)

    @property
    def is_pending(self) -> bool:
        return self.status == DocumentStatus.PENDING

    @property
    def is_put_off(self) -> bool:
        """Asked for, and made only once somebody opens it."""
        return self.is_pending and self.next_attempt_at is None

    @property
    def is_ready(self) -> bool:
        return self.status == DocumentStatus.READY


class DocumentFile(models.Model):
    """The bytes of one ready document: written once."""

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, related_name="file", primary_key=True
    )
    content = models.BinaryField()

    class Meta:
        triggers = (
            pgtrigger.Protect(name="file_is_written_once", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="issued_file_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=REFUSE_LOSS_OF_ISSUED,
            ),
        )

    def __str__(self) -> str:
        return f"file of document {self.document_id}"


class DocumentPrint(models.Model):
    """One printing: who printed which document, and when."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="prints")
    printed_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)

    class Meta:
        triggers = (append_only("print_is_append_only"),)

    def __str__(self) -> str:
        return f"printing of document {self.document_id}"
