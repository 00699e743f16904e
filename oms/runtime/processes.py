"""Reads the process table: who is alive, since when, and who works inside a folder."""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

IS_LINUX = sys.platform == "linux"
PROC = Path("/proc")


def started_at(pid: int) -> str | None:
    """A mark that tells a process from a later one with the same number; None when it is gone.

    On Linux the start time in clock ticks; a zombie counts as gone. Elsewhere only its existence.
    """
    if not IS_LINUX:
        return "alive" if _exists(pid) else None
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else fields[19]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def signal_group(leader: int, number: signal.Signals) -> bool:
    """Signal every process of a group; False when none is left."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group of zombies
        return False
    return True


def group_is_alive(leader: int) -> bool:
    """Whether any process of the group still runs; zombies do not count on Linux."""
    if not IS_LINUX:
        return signal_group(leader, signal.Signals(0)) if _exists(leader) else False
    return any(_group_of(pid) == leader for pid in _all_pids())


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _group_of(pid: int) -> int | None:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in {"Z", "X"} else int(fields[2])


def working_inside(folder: Path) -> list[int]:
    """Processes whose current folder is exactly this one: every PostgreSQL process of a cluster."""
    found = []
    if IS_LINUX and folder.exists():
        for pid in _all_pids():
            with suppress(OSError):
                if (PROC / str(pid) / "cwd").samefile(folder) and started_at(pid):
                    found.append(pid)
    return found


def name_of(pid: int) -> str:
    """The program's short name, as the process table has it; empty when it is gone."""
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


def command_of(pid: int) -> list[str]:
    """The program and its arguments; empty when it is gone or the system does not tell."""
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
    return [os.fsdecode(word) for word in words]


def wait_until(true: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Poll until it holds; False when the time is over first."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
