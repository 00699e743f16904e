"""How far a person has come: read from the facts, so nothing is ticked that was not done.

The demo's own people act in the same store; theirs came from no request, so they are left out.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from core.actors import ActorKind
from core.models import ImportRun, ImportStatus, StoredFact, User
from oms.training.tasks import IMPORT, TASKS, Task


@dataclass(frozen=True)
class Step:
    """A task and where the person stands with it."""

    task: Task
    is_done: bool
    may_do: bool


@dataclass(frozen=True)
class Progress:
    """Where a person stands in the first hour."""

    steps: Sequence[Step]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def next(self) -> Task | None:
        """The first task that is open and that the person may do."""
        return next((one.task for one in self.steps if not one.is_done and one.may_do), None)


def progress_of(user: User) -> Progress:
    """The person's progress. Two queries, three once a file was imported with a rejection."""
    done = _done_by_facts(user)
    if _has_mended_an_import(user):
        done.add(IMPORT.code)
    return Progress([Step(task, task.code in done, user.has_right(task.right)) for task in TASKS])


def _done_by_facts(user: User) -> set[str]:
    names = frozenset().union(*(task.facts for task in TASKS))
    found = (
        StoredFact.objects.filter(
            name__in=names, actor_kind=ActorKind.USER, actor_key=user.actor.key
        )
        .exclude(request_id="")
        .values_list("subject_type", "subject_id", "name")
        .distinct()
    )
    told: dict[tuple[str, int], set[str]] = defaultdict(set)
    for subject_type, subject_id, name in found:
        told[subject_type, subject_id].add(name)
    return {
        task.code
        for task in TASKS
        if task.facts and any(task.facts <= names for names in told.values())
    }


def _has_mended_an_import(user: User) -> bool:
    """A run that rejected rows, and after it one that created something and rejected none."""
    runs = ImportRun.objects.filter(
        actor_kind=ActorKind.USER,
        actor_key=user.actor.key,
        is_dry_run=False,
        status=ImportStatus.DONE,
    )
    broken = runs.filter(rejected__gt=0).order_by("pk").values_list("pk", flat=True).first()
    if broken is None:
        return False
    return runs.filter(pk__gt=broken, rejected=0, created__gt=0).exists()
