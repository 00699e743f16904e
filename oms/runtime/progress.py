"""Tells the person at the terminal what is happening, one line per stage with the elapsed time."""

import os
import sys
import time

BEGAN = "OMS_BEGAN"


class Stopped(Exception):
    """The start cannot go on; the text says why and what mends it, for a person to read."""

    def __init__(self, text: str, *, exit_code: int = 1) -> None:
        super().__init__(text)
        self.exit_code = exit_code


class Stages:
    """Prints `[ 1.2 s] text` lines, counted from the moment ./run was typed, where that is known."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._began = float(os.environ.pop(BEGAN, 0)) or time.monotonic()
        self._quiet = quiet

    def say(self, text: str) -> None:
        """Print one stage line."""
        if not self._quiet:
            elapsed = time.monotonic() - self._began
            print(f"[{elapsed:5.1f} s] {text}", flush=True)

    def warn(self, text: str) -> None:
        """Print one line that must be seen even when quiet."""
        print(f"  note: {text}", file=sys.stderr, flush=True)
