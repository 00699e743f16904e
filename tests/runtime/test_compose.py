"""docker-compose.yml and the Dockerfile, read, and each service's command run without Docker."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from oms.runtime import environment, state
from oms.runtime.crew import Crew
from oms.runtime.embedded import start_servers
from oms.runtime.layout import ROOT
from oms.runtime.processes import wait_until
from oms.runtime.progress import Stages
from oms.runtime.system_packages import PANGO

TOOLS = Path(sys.prefix) / "bin"
OURS = ("migrate", "web", "worker", "beat")
HOST = "orders.example.org"


def services() -> dict[str, dict]:
    """The services as Compose reads them, with every variable at its default."""
    text = (ROOT / "docker-compose.yml").read_text()
    filled = re.sub(r"(?<!\$)\$\{\w+:-([^}]*)\}", r"\1", text)
    filled = re.sub(r"(?<!\$)\$\{\w+:\?[^}]*\}", "given", filled)
    return yaml.safe_load(filled)["services"]


def test_the_services_are_those_of_a_production_set_up():
    assert list(services()) == ["postgres", "valkey", *OURS]


@pytest.mark.parametrize("name", OURS)
def test_a_services_program_comes_with_the_packages(name):
    assert shutil.which(services()[name]["command"][0], path=str(TOOLS))


def test_every_service_that_stays_has_a_health_check():
    staying = {name for name, one in services().items() if one["restart"] != "no"}

    assert {name for name in staying if "healthcheck" not in services()[name]} == set()


def test_nothing_starts_before_the_migration_is_done():
    for name in ("web", "worker", "beat"):
        assert services()[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "valkey": {"condition": "service_healthy"},
        }
    assert services()["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_statements_end_after_the_time_that_the_supervisor_grants_too():
    limits = {
        name: one["environment"].get("OMS_STATEMENT_TIMEOUT_MS")
        for name, one in services().items()
        if name in {"web", "worker"}
    }
    assert limits == {
        "web": environment.PAGE_STATEMENT_MS,
        "worker": environment.WORKER_STATEMENT_MS,
    }


def test_web_and_worker_can_be_scaled_and_beat_cannot():
    assert [name for name, one in services().items() if "container_name" in one] == ["beat"]
    assert re.fullmatch(r"\d+-\d+:8000", services()["web"]["ports"][0])


def test_the_worker_runs_tasks_in_processes_of_their_own():
    command = services()["worker"]["command"]

    assert command[command.index("--pool") + 1] == "prefork"


def test_our_services_run_as_production_without_privileges():
    for name in OURS:
        one = services()[name]
        assert one["environment"]["OMS_ENV"] == "production"
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]


def test_every_variable_of_the_compose_file_is_in_the_example():
    wanted = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert wanted - example == {"OMS_BUILD"}


def test_the_image_installs_by_hash_has_pango_and_does_not_run_as_root():
    text = (ROOT / "Dockerfile").read_text()

    assert "--require-hashes -r /tmp/requirements.lock" in text
    assert [name for name in PANGO.packages if name not in text] == []
    assert text.index("\nUSER oms\n") < text.index("\nCMD ")


def test_what_must_not_get_into_the_image_is_left_out():
    left_out = set((ROOT / ".dockerignore").read_text().split())

    assert {".git", ".env", ".venv", "var", "var-*"} <= left_out


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"DEBUG": "true"}, "DEBUG is on in production"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "change-me-please-change-me-please-change-me"}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing"),
    ],
    ids=["debug", "no key", "default key", "short key"],
)
def test_production_refuses_to_start_unsafe(setting, told):
    environ = production("postgres://x@/x", "redis://x", Path("/nowhere")) | setting

    refused = subprocess.run(
        [sys.executable, "-c", "import oms.settings"],
        env=environ, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip

    assert refused.returncode == 1
    assert told in refused.stderr


def production(database_url: str, redis_url: str, var: Path) -> dict[str, str]:
    """What a container sees."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "PATH": f"{TOOLS}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "oms.settings",
        "OMS_ENV": "production",
        "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "OMS_VAR": str(var),
        "STATIC_ROOT": str(var / "static"),
        "OMS_READY_FILE": str(var / "beat.ready"),
    }


@pytest.fixture
def environ(layout):
    """Servers of their own, so that no other test's work is taken from its queue."""
    with state.hold(layout, "test") as note:
        crew = Crew(layout, note)
        try:
            servers = start_servers(layout, crew, note, {}, Stages(quiet=True), throw_away=True)
            yield production(servers.database_url, servers.redis_url, layout.var)
        finally:
            crew.stop()


@pytest.fixture
def begin(environ, layout):
    """Starts a service's own command, and ends it as Docker does."""
    running = []

    def start(name: str, replaced: dict[str, str]) -> subprocess.Popen:
        command = [replaced.get(word, word) for word in services()[name]["command"]]
        layout.logs.mkdir(exist_ok=True)
        with layout.log(name).open("wb") as log:
            running.append(
                subprocess.Popen(
                    command, env=environ, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
                )
            )
        return running[-1]

    yield start
    for one in running:
        one.send_signal(signal.SIGTERM)
        try:
            one.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


@pytest.mark.slow
def test_each_services_command_runs(environ, begin, layout):
    def succeeds(command: list[str], **more: str) -> bool:
        done = subprocess.run(command, env=environ | more, cwd=ROOT, capture_output=True)
        return done.returncode == 0

    assert succeeds(services()["migrate"]["command"])

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    begin("web", {"8000": port, "0.0.0.0": "127.0.0.1"})
    begin("worker", {})
    beat_schedule = {"/tmp/celerybeat-schedule": str(layout.var / "schedule")}
    begin("beat", beat_schedule)

    is_healthy = services()["web"]["healthcheck"]["test"][1:]
    assert wait_until(lambda: succeeds(is_healthy, PORT=port), seconds=90, every=0.5), said(layout)
    assert wait_until(Path(environ["OMS_READY_FILE"]).exists, seconds=90), said(layout)
    answers = services()["worker"]["healthcheck"]["test"][1].replace("$$", "$")
    shell = ["/bin/sh", "-c", answers]
    host = socket.gethostname()
    assert wait_until(lambda: succeeds(shell, HOSTNAME=host), seconds=90, every=2), said(layout)


def said(layout) -> str:
    """The last words of each service."""
    return "\n".join(
        f"--- {log.stem}\n" + "\n".join(log.read_text().splitlines()[-12:])
        for log in sorted(layout.logs.glob("*.log"))
    )
