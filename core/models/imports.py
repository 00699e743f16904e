"""Imports: each run with its counts, what it refused or doubted, and the files it read and wrote."""

from django.db import models
from django.db.models import Q

from core.actors import ActorKind
from core.models.jobs import Job


class ImportStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"


class ImportFile(models.Model):
    """Bytes that were read or written by imports, kept once per content."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class ImportRun(models.Model):
    """One reading of one file. `created`, `updated` and `unchanged` count things; the rest, rows."""

    kind = models.CharField(max_length=40)
    format = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    source = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="runs")
    errors = models.ForeignKey(
        ImportFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    options = models.JSONField(default=dict, blank=True)
    scope = models.CharField(max_length=80, blank=True)
    is_dry_run = models.BooleanField(default=False)
    max_errors = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=ImportStatus.choices, default=ImportStatus.WAITING
    )
    error = models.CharField(max_length=500, blank=True)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    checkpoint = models.JSONField(null=True, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    header = models.JSONField(default=list, blank=True)
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_runs"
    )
    rehearsal = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)

    class Meta:
        indexes = (
            models.Index(fields=("kind", "-id"), name="core_import_kind"),
            models.Index(fields=("status", "-id"), name="core_import_status"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"

    @property
    def is_open(self) -> bool:
        return self.status in {ImportStatus.WAITING, ImportStatus.RUNNING}


class ImportIssue(models.Model):
    """What was wrong with, or doubtful about, one row. A rejected row keeps its untouched cells."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="issues")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=500)
    raw = models.JSONField(default=list, blank=True)
    is_rejection = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=("run", "row", "id"), name="core_import_issue_row"),
            models.Index(
                fields=("run", "row"),
                name="core_import_rejected_row",
                condition=Q(is_rejection=True),
            ),
        )

    def __str__(self) -> str:
        return f"row {self.row}: {self.message}"
