"""What a rule would do: the things of the last 30 days, judged as runs judge them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.jobs import Handle, job
from core.models import Rule, RunOutcome, StoredFact
from core.rules import running
from core.rules.definition import Definition
from core.rules.errors import CannotRunRule
from core.rules.judging import Verdict, judge, read
from core.rules.keeping import definition_of
from core.rules.registry import subject_named, triggers_of

DAYS = 30
MOST_SHOWN = 200
MOST_JUDGED = 10_000
CHUNK = 500
STEP = 50  # things between two checkpoints of a run


@dataclass(frozen=True)
class Preview:
    """What a rule comes to for the newest things of its event; `is_cut`: there are more."""

    verdicts: list[Verdict]
    is_cut: bool

    @property
    def matching(self) -> list[Verdict]:
        return [one for one in self.verdicts if one.runs]

    @property
    def skipped(self) -> list[Verdict]:
        return [one for one in self.verdicts if not one.runs]


def recent_ids(
    definition: Definition, *, now: datetime, most: int, upto: int | None = None
) -> list[int]:
    """The things to which a rule's event happened in the last 30 days, the newest first; by facts up
    to the id `upto`, so that a job that goes on later finds the same ones.
    """
    trigger = triggers_of(definition.subject).get(definition.trigger)
    if trigger is None:
        return []
    facts = StoredFact.objects.filter(
        name=definition.trigger, occurred_at__gte=now - timedelta(days=DAYS)
    ).order_by("-id")
    if upto is not None:
        facts = facts.filter(id__lte=upto)
    found: dict[int, None] = {}
    for payloads in _in_chunks(facts.values_list("payload", flat=True).iterator(CHUNK)):
        for pk in trigger.find(payloads):
            if pk is not None:
                found[pk] = None
        if len(found) >= most:
            break
    return list(found)[:most]


def _in_chunks(payloads: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    chunk: list[dict[str, object]] = []
    for payload in payloads:
        chunk.append(payload)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def verdicts_of(
    definition: Definition, ids: Sequence[int], *, rule: Rule | None, now: datetime
) -> list[Verdict]:
    """How a rule judges these things now, in this order; as many queries for one as for all."""
    reading = read(subject_named(definition.subject), definition.fields, ids, now=now)
    ran = running.ran_for(rule, ids) if rule else frozenset()
    by_id = {one.subject_id: one for one in judge(definition, reading, ran_for=ran)}
    return [by_id[pk] for pk in ids if pk in by_id]


def preview(
    definition: Definition, *, rule: Rule | None = None, now: datetime, most: int = MOST_SHOWN
) -> Preview:
    """What a rule would do for the newest `most` things, as they stand now."""
    ids = recent_ids(definition, now=now, most=most + 1)
    return Preview(verdicts_of(definition, ids[:most], rule=rule, now=now), len(ids) > most)


def newest_fact_id() -> int:
    """Up to which fact a job that starts now looks."""
    return StoredFact.objects.order_by("-id").values_list("id", flat=True).first() or 0


@job("core.preview_rule", title="Preview of a rule")
def preview_rule(handle: Handle, *, rule_id: int, upto: int | None = None) -> str:
    """All of the last 30 days: a row for each thing, with why it would be skipped."""
    rule = Rule.objects.get(pk=rule_id)
    definition, now = definition_of(rule), handle.job.started_at
    subject = subject_named(definition.subject)
    ids = recent_ids(definition, now=now, most=MOST_JUDGED, upto=upto)
    done, matching = handle.resume_from or (0, 0)
    for start in range(done, len(ids), CHUNK):
        for one in verdicts_of(definition, ids[start : start + CHUNK], rule=rule, now=now):
            matching += one.runs
            handle.result(
                str(one.subject_id),
                one.label,
                message="It would run." if one.runs else f"Skipped. {one.why}",
                url=one.url,
            )
        done = min(start + CHUNK, len(ids))
        handle.progress(done, len(ids), f"{subject.plural} judged")
        handle.checkpoint([done, matching])
    return f"It would run for {matching:,} of {len(ids):,} {subject.plural}."


@job("core.run_rule", title="Run a rule for what is there")
def run_rule(handle: Handle, *, rule_id: int, upto: int | None = None) -> str:
    """Let a rule run for all that its preview shows; run twice, it acts once for each."""
    rule = Rule.objects.get(pk=rule_id)
    if rule.removed_at:
        raise CannotRunRule("The rule was removed meanwhile.")
    definition, now = definition_of(rule), handle.job.started_at
    subject = subject_named(definition.subject)
    ids = recent_ids(definition, now=now, most=MOST_JUDGED, upto=upto)
    occasion = running.Occasion(f"job:{handle.job.pk}")
    begin, ran = handle.resume_from or (0, 0)
    for count, pk in enumerate(ids[begin:], start=begin + 1):
        for run in running.run_in_order([(rule, definition)], subject, pk, occasion, now=now):
            ran += run.outcome == RunOutcome.DONE
            handle.result(
                str(pk),
                run.label,
                ok=run.outcome != RunOutcome.FAILED,
                message=run.told,
                url=subject.page(pk),
            )
        handle.progress(count, len(ids), subject.plural)
        if count % STEP == 0:
            handle.checkpoint([count, ran])
    return f"It ran for {ran:,} of {len(ids):,} {subject.plural}."
