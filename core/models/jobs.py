"""Work in the background that people follow: jobs, their results per row and the files they make."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.actors import Actor, ActorKind
from core.models.leased import Leased


class JobStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    PARKED = "parked", "Failed"
    CANCELLED = "cancelled", "Cancelled"


JOB_OPEN = (JobStatus.WAITING, JobStatus.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> "JobQuerySet":
        return self.filter(status__in=JOB_OPEN)

    def of_user(self, user_id: int) -> "JobQuerySet":
        return self.filter(actor_kind=ActorKind.USER, actor_key=str(user_id))


class Job(Leased):
    """One run of a kind of background work (core.jobs), started by somebody and run in their name."""

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.WAITING)
    right = models.CharField(max_length=60, blank=True)
    dedupe = models.CharField(max_length=120, null=True, blank=True, unique=True)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)
    request_id = models.CharField(max_length=64, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(null=True, blank=True)
    progress_words = models.CharField(max_length=200, blank=True)
    checkpoint = models.JSONField(null=True, blank=True)
    summary = models.CharField(max_length=500, blank=True)
    is_cancel_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    first_run_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Job"]] = JobQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="core_job_due",
                condition=Q(status__in=("waiting", "running")),
            ),
            models.Index(fields=("actor_key", "-id"), name="core_job_actor"),
            models.Index(fields=("status", "-id"), name="core_job_status"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status in JOB_OPEN

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_key, self.actor_label)


class JobResult(models.Model):
    """What became of one row of a job."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="results")
    key = models.CharField(max_length=120)
    label = models.CharField(max_length=200)
    is_ok = models.BooleanField()
    message = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("job", "key"), name="core_job_result_once"),)
        indexes = (models.Index(fields=("job", "is_ok", "id"), name="core_job_result_order"),)

    def __str__(self) -> str:
        return self.label


class JobFile(models.Model):
    """The file a job made, to be downloaded by whoever may see the job."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="file", primary_key=True)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
