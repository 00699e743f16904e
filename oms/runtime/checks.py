"""What ./run check looks at: one line per check, all of them even when one fails."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oms.runtime.environment import production_like
from oms.runtime.layout import ROOT


@dataclass(frozen=True)
class Check:
    """One tool and what its failure means."""

    title: str
    command: Sequence[str]
    production: bool = False


def all_checks() -> list[Check]:
    """In order of how quickly each one tells."""
    tools = Path(sys.executable).parent
    python, manage = sys.executable, str(ROOT / "manage.py")
    return [
        Check("format", [str(tools / "ruff"), "format", "--check", "--quiet", "."]),
        Check("lint", [str(tools / "ruff"), "check", "--quiet", "."]),
        Check("import contracts", [str(tools / "lint-imports"), "--no-cache"]),
        Check("migrations", [python, manage, "makemigrations", "--check", "--dry-run"]),
        Check(
            "deployment settings",
            [python, manage, "check", "--deploy", "--fail-level", "WARNING"],
            production=True,
        ),
        Check("types", [python, "-m", "mypy", "."]),
    ]


def run_all(environ: Mapping[str, str]) -> int:
    """Run every check, show the words of those that fail; 1 when any did."""
    failed = []
    for check in all_checks():
        began = time.monotonic()
        done = subprocess.run(
            check.command,
            cwd=ROOT,
            env=production_like(environ) if check.production else dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{check.title:<20} {verdict:<7} {time.monotonic() - began:5.1f} s", flush=True)
        if done.returncode:
            failed.append(check.title)
            print(_indented(done.stdout), flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}.")
        return 1
    print("All checks pass.")
    return 0


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines())
