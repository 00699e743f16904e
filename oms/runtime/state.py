"""Who holds a data folder: one lock for as long as the holder lives, and a note of what it runs."""

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from oms.runtime.guardian import end_all
from oms.runtime.layout import Layout
from oms.runtime.processes import wait_until
from oms.runtime.progress import Stopped

LOCK_HELD = 4


@dataclass
class Note:
    """What the holder of a data folder tells others; kept in supervisor.json."""

    pid: int
    command: str
    url: str = ""
    database_url: str = ""
    redis_url: str = ""
    children: list[tuple[int, str, int]] = field(default_factory=list)  # pid, mark, stop signal

    def write(self, layout: Layout) -> None:
        """Replace the note in one step, so that no reader sees half of it."""
        fresh = layout.state.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self), indent=1))
        fresh.chmod(0o600)
        fresh.replace(layout.state)


def read_note(layout: Layout) -> Note | None:
    """The note of whoever holds the folder, or held it before a crash."""
    try:
        raw = json.loads(layout.state.read_text())
        return Note(**raw)
    except (OSError, ValueError, TypeError):
        return None


class Held(Exception):
    """Another process holds the data folder; its note, when it has written one."""

    def __init__(self, note: Note | None) -> None:
        super().__init__("the data folder is in use")
        self.note = note


@contextmanager
def hold(layout: Layout, command: str) -> Iterator[Note]:
    """Hold the data folder, after ending whatever a crashed holder left behind.

    The kernel frees the lock when its holder dies, however it dies. Raises Held.
    """
    make_var(layout.var)
    with layout.lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held(read_note(layout)) from None
        _end_leftovers(layout)
        note = Note(pid=os.getpid(), command=command)
        note.write(layout)
        try:
            yield note
        finally:
            layout.state.unlink(missing_ok=True)


def make_var(var: Path) -> None:
    """The data folder; one that cannot be written to stops the start with a sentence."""
    try:
        var.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stopped(f"The data folder {var} cannot be made: {error}. Set OMS_VAR.") from None
    if not os.access(var, os.W_OK | os.X_OK):
        raise Stopped(f"The data folder {var} cannot be written to. Set OMS_VAR to another.")


def _end_leftovers(layout: Layout) -> None:
    """Finish what the guardian of a killed supervisor may still be doing."""
    left = read_note(layout)
    if left is None:
        return
    with suppress(ValueError):
        end_all({pid: (mark, signal.Signals(number)) for pid, mark, number in left.children})


def wait_for_servers(layout: Layout, *, seconds: float = 60) -> Note:
    """The note of a holder whose servers are up; raises Stopped when there is none in time."""
    found: list[Note] = []

    def is_up() -> bool:
        note = read_note(layout)
        if note and note.database_url and note.redis_url:
            found.append(note)
        return bool(found)

    if not wait_until(is_up, seconds=seconds):
        raise Stopped(
            f"Another process holds {layout.var}, but its servers do not come up.",
            exit_code=LOCK_HELD,
        )
    return found[-1]


@contextmanager
def using_servers(layout: Layout) -> Iterator[None]:
    """Keep the holder from stopping its servers while a command of ours uses them."""
    with layout.users_lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def wait_for_users(layout: Layout) -> None:
    """Let every command that uses our servers finish first."""
    with layout.users_lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
