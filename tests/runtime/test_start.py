"""A real ./run, from a bare folder to healthy, killed the hard way, and started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from oms.runtime.layout import ROOT
from oms.runtime.processes import IS_LINUX, group_is_alive, started_at, wait_until
from oms.runtime.servers import orphans_of

pytestmark = pytest.mark.slow
START_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environ(layout):
    """A newcomer's environment: no server is named, the packages are those of this test run."""
    ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("OMS_", "PYTEST_"))
    }
    return kept | {
        "OMS_VAR": str(layout.var),
        "OMS_VENV": sys.prefix,
        "PORT": str(free_port()),
    }


def hear_ctrl_c() -> None:
    """As at a terminal: a suite that runs in the background would hand on that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Running:
    """One ./run and what it printed."""

    def __init__(self, environ, output) -> None:
        self._output = output
        with output.open("wb") as out:
            self.process = subprocess.Popen(
                [str(ROOT / "run"), "--no-demo"],
                env=environ,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=hear_ctrl_c,  # noqa: PLW1509  (this process has no threads yet)
            )
        self.url = f"http://127.0.0.1:{environ['PORT']}"

    def printed(self) -> str:
        return self._output.read_text()

    def wait_healthy(self) -> None:
        wait_until(
            lambda: "Ctrl-C stops" in self.printed() or self.process.poll() is not None,
            seconds=START_SECONDS,
        )
        assert "everything is healthy" in self.printed(), self.printed()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)


@pytest.fixture
def start(environ, folder):
    started = []

    def begin() -> Running:
        started.append(Running(environ, folder / f"output-{len(started)}"))
        return started[-1]

    yield begin
    for one in started:
        one.end()


def status_of(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.status


def test_a_start_survives_the_hardest_stop_and_ends_cleanly(start, environ, layout):
    first = start()
    first.wait_healthy()
    assert status_of(f"{first.url}/healthz") == 200
    assert status_of(f"{first.url}/readyz") == 200
    note = json.loads(layout.state.read_text())
    groups = [pid for pid, _, _ in note["children"]]
    assert len(groups) == 5, "PostgreSQL, Valkey, worker, beat, web"

    first.process.kill()

    assert wait_until(lambda: not any(group_is_alive(pid) for pid in groups), seconds=10)
    if IS_LINUX:  # a backend that was at work ends once it sees that its server is gone
        assert wait_until(lambda: orphans_of(layout.postgres) == [], seconds=10)
    key = layout.secret_key.read_text()

    second = start()
    second.wait_healthy()
    assert "the database is up to date" in second.printed()
    assert layout.secret_key.read_text() == key

    third = start()
    assert third.process.wait(timeout=30) == 4
    assert f"Already running at {second.url}/ (process {second.process.pid}" in third.printed()

    groups = [pid for pid, _, _ in json.loads(layout.state.read_text())["children"]]
    second.process.send_signal(signal.SIGINT)
    assert second.process.wait(timeout=60) == 0
    assert not any(group_is_alive(pid) for pid in groups)
    assert not layout.state.exists()
    assert not (layout.postgres / "postmaster.pid").exists()


def test_a_command_brings_its_own_servers_and_takes_them_away(environ, layout):
    command = [str(ROOT / "run"), "manage", "shell", "--no-imports", "-c"]
    question = (
        "from django.db import connection as c; k = c.cursor();"
        "k.execute('select pg_postmaster_start_time() > now() - interval \\'1 minute\\'');"
        "print(k.fetchone()[0])"
    )

    told = subprocess.run([*command, question], env=environ, capture_output=True, text=True)

    assert (told.returncode, told.stdout.strip()) == (0, "True"), told.stderr
    assert not (layout.postgres / "postmaster.pid").exists()


def test_a_port_that_is_taken_is_said_at_once(environ, layout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        began = time.monotonic()
        told = subprocess.run(
            [str(ROOT / "run")], env=environ | {"PORT": port}, capture_output=True, text=True
        )

    assert told.returncode == 1
    assert f"Port {port} is taken" in told.stderr
    assert time.monotonic() - began < 10


def test_a_child_dies_with_a_parent_that_had_no_time_to_say_goodbye(layout):
    if not IS_LINUX:
        pytest.skip("the kernel's death signal is Linux's")
    parent = (
        "import sys, time; from pathlib import Path; from oms.runtime.children import Child;"
        "child = Child('x', [sys.executable, '-c', 'import time; time.sleep(60)'], {},"
        " Path(sys.argv[1])); child.start(); print(child.pid, flush=True); time.sleep(60)"
    )
    log = str(layout.log("x"))
    with subprocess.Popen(
        [sys.executable, "-c", parent, log], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        child = int(process.stdout.readline())
        assert started_at(child) is not None

        process.kill()

        assert wait_until(lambda: started_at(child) is None, seconds=5)
