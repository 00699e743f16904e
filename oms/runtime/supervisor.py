"""What ./run itself does: servers, database, demo, web, worker and scheduler, until Ctrl-C."""

import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oms.runtime import environment, state, system_packages
from oms.runtime.children import Child
from oms.runtime.crew import Crew
from oms.runtime.embedded import start_servers
from oms.runtime.layout import Layout, var_folder
from oms.runtime.progress import Stages, Stopped
from oms.runtime.state import LOCK_HELD, Note
from oms.runtime.welcome import already_running, welcome

FIRST_PORT = 8000
PORTS_TRIED = 20
HEALTH_SECONDS = 60.0
WEB_THREADS = "4"
WATCH_EVERY_SECONDS = 0.5


def run(*, training: bool, demo: bool = True) -> int:
    """Start everything, say where it is, and stay until told to stop; the exit code."""
    layout = Layout(var_folder(os.environ, training=training))
    stages = Stages()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        with state.hold(layout, "run") as note:
            if not demo:
                layout.no_demo.touch()
            return _hold_and_serve(layout, note, stages, training=training)
    except state.Held as held:
        print(already_running(layout, held.note), file=sys.stderr)
        return LOCK_HELD


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _hold_and_serve(layout: Layout, note: Note, stages: Stages, *, training: bool) -> int:
    crew = Crew(layout, note)
    try:
        serve(layout, crew, note, stages, training=training)
    except KeyboardInterrupt:
        print()
        stages.say("stopping; the data stays")
    finally:
        crew.stop()
    stages.say("stopped")
    return 0


def serve(layout: Layout, crew: Crew, note: Note, stages: Stages, *, training: bool) -> None:
    """The start, stage by stage, and then the watch; returns only by an exception."""
    system_packages.ensure(system_packages.PANGO, stages)
    host, port = os.environ.get("OMS_BIND", "127.0.0.1"), choose_port(os.environ, stages)
    url = f"http://{_reachable(host)}:{port}"
    servers = start_servers(layout, crew, note, os.environ, stages)
    environ = environment.build(
        layout,
        os.environ,
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        url=url,
        training=training,
    )
    found = _prepare("migrate", layout, crew, environ, stages)
    web = web_child(layout, environ, host=host, port=port)
    crew.start(web)
    is_filled = not found["is_empty"]
    workers = _start_workers(layout, crew, environ) if is_filled else ()
    web.wait_ready(lambda: answers(f"{url}/healthz"), seconds=HEALTH_SECONDS)
    stages.say("web answers on /healthz")
    if not is_filled:  # the machine is the first page's and the demo's before it is the workers'
        _fill(layout, crew, environ, stages)
        workers = _start_workers(layout, crew, environ)
    for child in workers:
        child.wait_ready(ready_file(layout, child.name).exists, seconds=HEALTH_SECONDS)
        stages.say(f"{child.name} is ready")
    web.wait_ready(lambda: answers(f"{url}/readyz"), seconds=HEALTH_SECONDS)
    stages.say("everything is healthy (/readyz)")
    note.url = url
    note.write(layout)
    logins = [] if layout.no_demo.exists() else found["logins"]
    print(welcome(url, logins, layout, training=training), flush=True)
    while True:
        time.sleep(WATCH_EVERY_SECONDS)
        crew.revive(stages)


def choose_port(environ: Mapping[str, str], stages: Stages) -> int:
    """PORT, which must be free, or the first free one from 8000 on."""
    named = environ.get("PORT", "")
    if named and not named.isdigit():
        raise Stopped(f"PORT is {named!r}; it must be a number.", exit_code=2)
    tried = [int(named)] if named else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in tried:
        if _is_free(environ.get("OMS_BIND", "127.0.0.1"), port):
            if port != tried[0]:
                stages.say(f"port {tried[0]} is taken by another program; using {port}")
            return port
    raise Stopped(f"Port {tried[0]} is taken by another program. Choose one: PORT=9000 ./run")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _reachable(host: str) -> str:
    """How a browser on this machine names the address that we listen on."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 (only recognised here, and only when asked for)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _prepare(
    step: str, layout: Layout, crew: Crew, environ: Mapping[str, str], stages: Stages
) -> dict[str, Any]:
    """Migrate or fill in a process of its own; its lines become ours. What migrating found: whether
    the store `is_empty`, and the demo's `logins`.
    """
    child = Child(
        name="preparation",
        argv=[
            sys.executable, "-P", "-m", "oms.runtime.prepare", step, str(layout.prepared),
        ],
        environ=environ,
        log=layout.log("prepare"),
        piped=True,
    )  # fmt: skip
    crew.start(child)
    assert child.process is not None and child.process.stdout is not None
    for line in child.process.stdout:
        stages.say(line.decode(errors="replace").rstrip())
    if child.process.wait():
        raise Stopped(
            f"The database could not be prepared. {child.log} says:\n{child.log_tail(20)}"
        )
    crew.release(child)
    found: dict[str, Any] = json.loads(layout.prepared.read_text())
    return found


def _fill(layout: Layout, crew: Crew, environ: Mapping[str, str], stages: Stages) -> None:
    """Fill an empty store with the demo, unless told not to."""
    if layout.no_demo.exists():
        stages.say(
            "the store stays without the demo (make the first user: ./run manage createsuperuser)"
        )
        return
    _prepare("fill", layout, crew, environ, stages)


def _start_workers(layout: Layout, crew: Crew, environ: Mapping[str, str]) -> tuple[Child, ...]:
    worker = celery_child(layout, environ, "worker", *WORKER_OPTIONS)
    beat = celery_child(layout, environ, "beat")
    for child in (worker, beat):
        ready_file(layout, child.name).unlink(missing_ok=True)
    crew.start(worker, beat)
    return worker, beat


def web_child(layout: Layout, environ: Mapping[str, str], *, host: str, port: int) -> Child:
    """The web server: one process with threads, as PostgreSQL does the heavy lifting."""
    return Child(
        name="web",
        argv=[
            sys.executable, "-P", "-m", "granian", "--interface", "wsgi",
            "--host", host, "--port", str(port),
            "--workers", "1", "--blocking-threads", WEB_THREADS,
            "--no-ws", "oms.wsgi:application",
        ],
        environ=dict(environ) | {"OMS_STATEMENT_TIMEOUT_MS": environment.PAGE_STATEMENT_MS},
        log=layout.log("web"),
    )  # fmt: skip


# Threads here, for one process's memory; production runs prefork (docker-compose.yml).
WORKER_OPTIONS = ("--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle")


def celery_child(layout: Layout, environ: Mapping[str, str], name: str, *options: str) -> Child:
    """The worker or the scheduler; each touches OMS_READY_FILE once it is at work."""
    return Child(
        name=name,
        argv=[
            sys.executable, "-P", "-m", "celery", "--app", "oms", name,
            "--loglevel", "INFO", *options,
        ],
        environ=dict(environ)
        | {
            "OMS_STATEMENT_TIMEOUT_MS": environment.WORKER_STATEMENT_MS,
            "OMS_READY_FILE": str(ready_file(layout, name)),
        },
        log=layout.log(name),
        grace_seconds=20,
    )  # fmt: skip


def ready_file(layout: Layout, name: str) -> Path:
    """The file that a service touches when it is at work."""
    return layout.var / f"{name}.ready"


def answers(url: str) -> bool:
    """Whether the address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 (our own address)
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
