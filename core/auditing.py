"""The nightly check of the invariants: what it finds waits for a person on home."""

import logging
import zlib
from collections.abc import Sequence

from django.db import transaction

from core import attention, invariants
from core.invariants import Finding
from core.models import AttentionItem

logger = logging.getLogger(__name__)

KIND = "core.invariant_broken"
SUBJECT = "invariant"
SHOWN_IDS = 5


def subject_id_of(code: str) -> int:
    """The number under which an invariant's item is raised: always the same for one code."""
    return zlib.crc32(code.encode())


def audit_and_alert() -> list[Finding]:
    """Run every check, raise what is broken and resolve what no longer is."""
    findings = invariants.audit()
    broken = [subject_id_of(finding.invariant.code) for finding in findings]
    with transaction.atomic():
        for finding in findings:
            logger.error("the invariant %s is broken", finding.invariant.code)
            attention.raise_item(
                kind=KIND,
                subject_type=SUBJECT,
                subject_id=subject_id_of(finding.invariant.code),
                title=f"{finding.invariant.code} is broken {len(finding.offences)} times",
                detail=f"{finding.invariant.sentence} Offending: {_first(finding.offences)}",
            )
        mended = (
            AttentionItem.objects.filter(kind=KIND, subject_type=SUBJECT, resolved_at=None)
            .exclude(subject_id__in=broken)
            .values_list("subject_id", flat=True)
        )
        attention.resolve(kind=KIND, subject_type=SUBJECT, subject_ids=list(mended))
    return findings


def _first(offences: Sequence[dict[str, object]]) -> str:
    shown = "; ".join(
        ", ".join(f"{name} {value}" for name, value in row.items()) for row in offences[:SHOWN_IDS]
    )
    return f"{shown}; and more" if len(offences) > SHOWN_IDS else shown
