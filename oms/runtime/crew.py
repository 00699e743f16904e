"""The crew: every child of one supervisor, started in order, started again, stopped in reverse."""

import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from oms.runtime.children import Child, Guard
from oms.runtime.layout import Layout
from oms.runtime.processes import signal_group, started_at
from oms.runtime.progress import Stages, Stopped
from oms.runtime.state import Note

DEATHS_ALLOWED = 5
DEATHS_WITHIN_SECONDS = 120.0


class Crew:
    """Children in tiers: a tier stops as a whole, after every later tier has stopped."""

    def __init__(self, layout: Layout, note: Note) -> None:
        self._layout = layout
        self._note = note
        self._guard = Guard()
        self._tiers: list[list[Child]] = []
        self._deaths: dict[str, list[float]] = defaultdict(list)

    def start(self, *children: Child) -> None:
        """Start one tier."""
        self._tiers.append([])
        for child in children:
            self._tiers[-1].append(child)
            self._start(child)

    def _start(self, child: Child) -> None:
        child.start()
        self._guard.add(child)
        self._remember()

    def _remember(self) -> None:
        """Keep the note true, for a next start that finds us dead."""
        children = [child for child in self._all() if child.process is not None]
        self._note.children = [
            (child.pid, started_at(child.pid) or "gone", int(child.stop_signal))
            for child in children
        ]
        self._note.write(self._layout)

    def _all(self) -> list[Child]:
        return [child for tier in self._tiers for child in tier]

    def release(self, child: Child) -> None:
        """A child that has done its work and ended."""
        child.clear_group()
        self._guard.drop(child)
        self._tiers = [[other for other in tier if other is not child] for tier in self._tiers]
        self._remember()

    def revive(self, stages: Stages) -> None:
        """Start again whatever has died; one that keeps dying stops the whole."""
        for child in self._all():
            if child.is_running():
                continue
            deaths = self._note_death(child)
            if deaths > DEATHS_ALLOWED:
                raise Stopped(
                    f"{child.name} ended {deaths} times in a row. {child.log} says:\n"
                    f"{child.log_tail()}"
                )
            stages.say(f"{child.name} ended unexpectedly; starting it again (see {child.log})")
            time.sleep(min(2.0 ** (deaths - 1), 10.0) - 1.0)
            child.clear_group()
            self._guard.drop(child)
            if child.before_start:
                child.before_start()
            self._start(child)

    def _note_death(self, child: Child) -> int:
        now = time.monotonic()
        recent = [at for at in self._deaths[child.name] if now - at < DEATHS_WITHIN_SECONDS]
        self._deaths[child.name] = [*recent, now]
        return len(self._deaths[child.name])

    def stop(self) -> None:
        """Stop everything, last tier first; a second Ctrl-C kills all but the servers."""
        with self._hurrying_on_signals():
            for tier in reversed(self._tiers):
                for child in reversed(tier):
                    child.ask_to_stop()
                for child in reversed(tier):
                    child.finish()
                    self._guard.drop(child)
            self._guard.dismiss()

    @contextmanager
    def _hurrying_on_signals(self) -> Iterator[None]:
        def hurry(_number: int, _frame: object) -> None:
            for child in self._all():
                if child.may_be_killed and child.is_running():
                    signal_group(child.pid, signal.SIGKILL)

        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, hurry) for number in numbers}
        yield
        for number, handler in before.items():
            signal.signal(number, handler)
