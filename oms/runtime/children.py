"""Starts, watches and stops one child process, and ties its life to the supervisor's."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from oms.runtime.layout import ROOT
from oms.runtime.processes import IS_LINUX, group_is_alive, signal_group, started_at, wait_until
from oms.runtime.progress import Stopped

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 10 * 1024 * 1024
_libc = ctypes.CDLL(None) if IS_LINUX else None


@dataclass(frozen=True)
class Account:
    """The operating system's user that the servers run as, when that is not ourselves."""

    name: str
    uid: int
    gid: int


@dataclass
class Child:
    """One long-running process: what to run, how to stop it, where it writes.

    `before_start` mends what a death left behind; `piped` keeps its standard output for us to read.
    """

    name: str
    argv: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0
    account: Account | None = None
    cwd: Path = ROOT
    before_start: Callable[[], object] | None = None
    may_be_killed: bool = True
    piped: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Run it in a session of its own, so that a Ctrl-C reaches the supervisor alone."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _keep_short(self.log)
        account = self.account if os.geteuid() == 0 else None
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.argv,
                env=dict(self.environ),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.piped else output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with(os.getpid(), self.stop_signal),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    @property
    def pid(self) -> int:
        assert self.process is not None, f"{self.name} was never started"
        return self.process.pid

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.is_running():
            self.pid_signal(self.stop_signal)

    def pid_signal(self, number: signal.Signals) -> None:
        """Signal the leader; it stops its own children in its own order."""
        if self.process is not None:
            self.process.send_signal(number)

    def finish(self) -> None:
        """Wait for the end that was asked for, then kill what is left of the group."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=self.grace_seconds)
        except subprocess.TimeoutExpired:
            signal_group(self.pid, signal.SIGKILL)
            self.process.wait()
        self.clear_group()

    def clear_group(self) -> None:
        """Kill grandchildren that outlived their parent."""
        if group_is_alive(self.pid):
            signal_group(self.pid, signal.SIGKILL)
            wait_until(lambda: not group_is_alive(self.pid), seconds=2)

    def log_tail(self, lines: int = 12) -> str:
        """The last words, for an error message."""
        try:
            text = self.log.read_text(errors="replace")
        except OSError:
            return "(no log)"
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])

    def wait_ready(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Poll until it serves; one that dies or is late stops the start, with its last words."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_running():
                raise Stopped(
                    f"{self.name} ended while starting. {self.log} says:\n{self.log_tail()}"
                )
            if time.monotonic() > deadline:
                raise Stopped(
                    f"{self.name} is not ready after {seconds:.0f} s. {self.log} says:\n"
                    f"{self.log_tail()}"
                )
            time.sleep(0.03)


def die_with(parent: int, number: signal.Signals) -> Callable[[], None]:
    """What a child does before it runs its program: tie its life to its parent's (Linux).

    Changing the user clears this, so it comes after; a parent that died in between is noticed.
    """

    def tie() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return tie


def _keep_short(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))


class Guard:
    """The supervisor's end of the guardian: tells it which groups to end should we vanish."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "oms.runtime.guardian"],
            stdin=subprocess.PIPE,
            env={"PYTHONPATH": str(ROOT)},
            cwd="/",
            text=True,
            start_new_session=True,
        )

    def add(self, child: Child) -> None:
        mark = started_at(child.pid) or "gone"
        self._tell(f"add {child.pid} {mark} {int(child.stop_signal)}")

    def drop(self, child: Child) -> None:
        self._tell(f"drop {child.pid}")

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        # Should somebody have killed the guardian, the kernel's death signal still stands.
        with suppress(BrokenPipeError):
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def dismiss(self) -> None:
        """Nothing is left to guard; the guardian leaves."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(timeout=15)
