"""The commands of ./run."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from oms.runtime import (
    checks,
    environment,
    installing,
    server_home,
    state,
    supervisor,
    system_packages,
)
from oms.runtime.embedded import servers_for_command, servers_for_tests
from oms.runtime.layout import ROOT, Layout, var_folder, venv_folder
from oms.runtime.progress import Stages, Stopped
from oms.runtime.welcome import already_running

HELP = """\
./run                     start everything: database, queue, web, worker, scheduler, demo store
./run --training          the same with a second store for practice, in a data folder of its own
./run --no-demo           the same with an empty store, now and at later starts
./run test [ARGS]         the whole test suite; ARGS go to pytest
./run check               format, lint, types, import contracts, migrations, deployment settings
./run manage ARGS         a management command, e.g. ./run manage import_orders FILE --channel web-eu
./run doctor              one line per thing that must be in order, with the line that mends it
./run bench NAME [--json] a benchmark, e.g. ./run bench capture
./run reset [--training]  delete the data folder (asks first; --yes does not)
./run lock                resolve pyproject.toml into the lock files again
./run help                this text

Environment
  PORT          port of the web server (8000, or the next free one)
  OMS_BIND      address to listen on (127.0.0.1)
  OMS_VAR       where data and logs live (var/ in the checkout)
  DATABASE_URL  a PostgreSQL of your own instead of the embedded one
  REDIS_URL     a Valkey or Redis of your own instead of the embedded one
  EMAIL_URL     send mail for real; without it mail stays on the outbox page
  OMS_PYTHON    the Python to use; OMS_VENV a ready virtual environment to use as it is

Exit codes: 0 done, 1 failed, 2 wrong usage, 4 the data folder is in use, 130 interrupted
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command of ./run; the exit code."""
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if name in {"help", "--help", "-h"}:
        print(HELP, end="")
        return 0
    command: Callable[[list[str]], int]
    if set(arguments) <= START_OPTIONS:
        command, rest = start, list(arguments)
    elif name in COMMANDS:
        command = COMMANDS[name]
    else:
        return _misused(" ".join(arguments))
    try:
        return command(rest)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return stopped.exit_code
    except KeyboardInterrupt:
        return 130


START_OPTIONS = {"--training", "--no-demo"}


def start(options: list[str]) -> int:
    """Start the store and stay."""
    return supervisor.run(training="--training" in options, demo="--no-demo" not in options)


def _misused(what: str) -> int:
    print(f"./run does not know {what!r}.\n\n{HELP}", file=sys.stderr, end="")
    return 2


def manage(arguments: list[str]) -> int:
    """A management command on the store's own database and queue."""
    training = bool(arguments) and arguments[0] == "--training"
    words = arguments[1:] if training else arguments
    layout = Layout(var_folder(os.environ, training=training))
    title = " ".join(["manage", *words[:1]])
    with servers_for_command(layout, title, stages=Stages(quiet=True)) as servers:
        note = state.read_note(layout)
        environ = environment.build(
            layout,
            os.environ,
            database_url=servers.database_url,
            redis_url=servers.redis_url,
            url=note.url if note else "",
            training=training,
        )
        return in_foreground([sys.executable, str(ROOT / "manage.py"), *words], environ)


def test(arguments: list[str]) -> int:
    """The suite on servers of its own, on both cores unless told otherwise."""
    stages = Stages()
    for wanted in (system_packages.PANGO, system_packages.CHROMIUM):
        system_packages.ensure(wanted, stages)
    live = Layout(var_folder(os.environ))
    with servers_for_tests(live, stages=stages) as (layout, servers):
        environ = environment.test_environment(os.environ, layout) | {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "OMS_VENV": str(venv_folder(os.environ)),
        }
        spread = [] if chooses_processes(arguments) else ["-n", "2"]
        command = [sys.executable, "-m", "pytest", "--rootdir", str(ROOT), *spread, *arguments]
        return in_foreground(command, environ, cwd=str(ROOT))


def chooses_processes(arguments: Sequence[str]) -> bool:
    """Whether the person said how many processes, or wants one for a debugger."""
    return any(
        word.startswith(("-n", "--numprocesses", "--pdb", "--trace", "no:xdist", "-pno:xdist"))
        for word in arguments
    )


def check(arguments: list[str]) -> int:
    """Everything but the tests."""
    if arguments:
        return _misused(f"check {arguments[0]}")
    live = Layout(var_folder(os.environ))
    with servers_for_tests(live, stages=Stages(quiet=True)) as (layout, servers):
        environ = environment.test_environment(os.environ, layout) | {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
        }
        return checks.run_all(environ)


def reset(arguments: list[str]) -> int:
    """Delete a data folder, having asked."""
    if set(arguments) - {"--training", "--yes"}:
        return _misused("reset " + " ".join(arguments))
    layout = Layout(var_folder(os.environ, training="--training" in arguments))
    if not layout.state.exists() and not layout.lock.exists():
        print(f"There is no data folder at {layout.var}.")
        return 0
    if "--yes" not in arguments and not _confirmed(layout):
        print("Nothing was deleted. (Without a terminal, say --yes.)")
        return 1
    try:
        with state.hold(layout, "reset"):
            server_home.discard(layout)
    except state.Held as held:
        print(already_running(layout, held.note), file=sys.stderr)
        return state.LOCK_HELD
    print(f"{layout.var} is deleted; the next ./run starts afresh.")
    return 0


def _confirmed(layout: Layout) -> bool:
    if not sys.stdin.isatty():
        return False
    answer = input(f"Delete every order, document and log in {layout.var}? Type yes: ")
    return answer.strip().lower() == "yes"


def lock(_arguments: list[str]) -> int:
    """Write the lock files anew."""
    installing.write_locks(venv_folder(os.environ))
    return 0


def in_foreground(
    command: Sequence[str], environ: Mapping[str, str], *, cwd: str | None = None
) -> int:
    """Run it with our terminal; Ctrl-C is for it, and we wait for its own end."""
    with subprocess.Popen(command, env=dict(environ), cwd=cwd) as process:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            code = process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "test": test,
    "check": check,
    "manage": manage,
    "doctor": lambda rest: manage(["doctor", *rest]),
    "bench": lambda rest: manage(["bench", *rest]),
    "reset": reset,
    "lock": lock,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
