"""What stands around every page: the navigation, how much waits behind each of its entries, and the
user's jobs at work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.counting import capped_counts
from core.menu import MenuEntry, entries_for
from core.models import Job

MOST_WAITING = 999


@dataclass(frozen=True)
class Frame:
    """`badges` are the counts by an entry's page; one over MOST_WAITING at the most."""

    entries: Sequence[MenuEntry]
    badges: Mapping[str, int]
    running_jobs: int


NOTHING = Frame((), {}, 0)


def frame_of(user: Any) -> Frame:
    """The frame of a user's pages. One statement."""
    entries = entries_for(user)
    counted = [(entry.url_name, entry.badge(user)) for entry in entries if entry.badge]
    jobs = Job.objects.open().of_user(user.pk)
    *waiting, running = capped_counts([*(rows for _, rows in counted), jobs], MOST_WAITING)
    badges = {name: count for (name, _), count in zip(counted, waiting, strict=True)}
    return Frame(entries, badges, running)
