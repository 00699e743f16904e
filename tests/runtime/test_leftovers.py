"""What a crash leaves behind is told from what still runs, and cleared."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from oms.runtime import server_home, state
from oms.runtime.children import Account, Child
from oms.runtime.guardian import end_all
from oms.runtime.layout import Layout
from oms.runtime.processes import IS_LINUX, group_is_alive, started_at, wait_until
from oms.runtime.servers import Postgres, orphans_of
from oms.runtime.state import Note

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('set', flush=True); time.sleep(60)",
]


@pytest.fixture
def sleeper():
    process = subprocess.Popen(SLEEPER, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_process_is_known_by_its_start_and_gone_when_it_ends(sleeper):
    mark = started_at(sleeper.pid)
    assert mark is not None

    sleeper.kill()

    assert wait_until(lambda: started_at(sleeper.pid) is None, seconds=5)


def test_the_guardian_ends_a_group_that_was_asked_for(sleeper):
    end_all({sleeper.pid: (started_at(sleeper.pid), signal.SIGTERM)})

    assert not group_is_alive(sleeper.pid)


def test_the_guardian_kills_what_will_not_stop(monkeypatch):
    monkeypatch.setattr("oms.runtime.guardian.PATIENCE_SECONDS", 0.2)
    with subprocess.Popen(STUBBORN, start_new_session=True, stdout=subprocess.PIPE) as stubborn:
        stubborn.stdout.readline()

        end_all({stubborn.pid: (started_at(stubborn.pid), signal.SIGTERM)})

        assert stubborn.wait(timeout=5) == -signal.SIGKILL


@pytest.mark.skipif(not IS_LINUX, reason="start times are read from /proc")
def test_the_guardian_leaves_a_later_process_with_the_same_number_alone(sleeper):
    end_all({sleeper.pid: ("of-an-earlier-process", signal.SIGKILL)})

    assert group_is_alive(sleeper.pid)


def test_the_next_holder_ends_what_a_crashed_one_left(layout, sleeper):
    mark = started_at(sleeper.pid)
    Note(pid=dead_pid(), command="run", children=[(sleeper.pid, mark, 15)]).write(layout)

    with state.hold(layout, "run"):
        assert not group_is_alive(sleeper.pid)


def test_a_second_holder_is_told_who_the_first_is(layout):
    holder = (
        "import sys, time; from pathlib import Path; from oms.runtime import state;"
        "from oms.runtime.layout import Layout;"
        "layout = Layout(Path(sys.argv[1]));\n"
        "with state.hold(layout, 'run') as note:\n"
        "    note.url = 'http://127.0.0.1:1234'; note.write(layout)\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(layout.var)], stdout=subprocess.PIPE
    ) as first:
        first.stdout.readline()
        with pytest.raises(state.Held) as held, state.hold(layout, "run"):
            pass
        assert (held.value.note.pid, held.value.note.url) == (first.pid, "http://127.0.0.1:1234")

        first.kill()
        first.wait()
        with state.hold(layout, "run") as note:
            assert note.pid == os.getpid()


def test_a_torn_note_counts_as_none(layout):
    layout.state.write_text('{"pid": 12, "comm')

    assert state.read_note(layout) is None


def test_a_deleted_store_takes_its_short_socket_folder_along(folder):
    deep = Layout(folder / ("deep/" * 30) / "var")
    deep.var.mkdir(parents=True)
    home = server_home.settle(deep, os.environ)
    assert not home.sockets.is_relative_to(folder)

    server_home.discard(deep)

    assert not home.sockets.exists()
    assert not deep.var.exists()


@pytest.fixture
def postgres(layout):
    home = server_home.settle(layout, {})
    return Postgres(layout, home, throw_away=True), home


def start(server) -> None:
    server.child.start()
    server.child.wait_ready(server.is_ready, seconds=30)


def stop(server) -> None:
    server.child.ask_to_stop()
    server.child.finish()


def test_a_stale_pid_file_whose_number_lives_on_in_another_program_is_cleared(postgres, sleeper):
    server, home = postgres
    assert server.prepare() is True
    start(server)
    pid_file = home.postgres / "postmaster.pid"
    kept = pid_file.read_text().replace(str(server.child.pid), str(sleeper.pid), 1)
    stop(server)
    pid_file.write_text(kept)
    (home.sockets / ".s.PGSQL.5432.lock").write_text(kept)

    assert server.prepare() is False
    start(server)
    stop(server)

    assert started_at(sleeper.pid) is not None


@pytest.mark.skipif(not IS_LINUX, reason="orphans are found in /proc")
def test_a_server_that_outlived_its_supervisor_is_ended_before_the_next_starts(postgres):
    server, home = postgres
    server.prepare()
    start(server)
    assert server.child.pid in orphans_of(home.postgres)

    next_server = Postgres(server_layout(home), home, throw_away=True)
    next_server.prepare()

    assert orphans_of(home.postgres) == []
    server.child.finish()


def server_layout(home):
    return Layout(home.postgres.parent)


def test_a_half_made_cluster_is_made_again(postgres):
    server, home = postgres
    (home.postgres / "base").mkdir()
    (home.postgres / "base" / "junk").write_text("left by an interrupted start")

    assert server.prepare() is True
    assert not (home.postgres / "base" / "junk").exists()


def test_sockets_are_for_the_servers_own_user_alone(postgres):
    _, home = postgres

    modes = {folder.stat().st_mode & 0o777 for folder in (home.sockets, home.postgres, home.valkey)}

    assert modes == {0o700}


def test_a_folder_that_another_user_cannot_pass_is_seen(folder):
    nobody = Account("nobody", 65534, 65534)
    inner = folder / "closed" / "inner"
    inner.mkdir(parents=True)
    assert server_home.can_reach(inner, nobody)

    (folder / "closed").chmod(0o700)

    assert not server_home.can_reach(inner, nobody)
    (folder / "closed").chmod(0o755)


def test_a_child_that_ends_while_starting_stops_the_start_with_its_last_words(layout):
    child = Child("web", [sys.executable, "-c", "print('no such port')"], {}, layout.log("web"))
    child.start()
    child.process.wait()

    with pytest.raises(Exception, match=r"(?s)web ended while starting.*no such port"):
        child.wait_ready(lambda: False, seconds=5)


def test_a_long_log_is_put_aside_before_the_next_start(layout, monkeypatch):
    monkeypatch.setattr("oms.runtime.children.LOG_LIMIT_BYTES", 10)
    layout.logs.mkdir()
    layout.log("web").write_text("x" * 11)

    child = Child("web", [sys.executable, "-c", "print('new')"], {}, layout.log("web"))
    child.start()
    child.process.wait()

    assert layout.log("web").read_text() == "new\n"
    assert Path(f"{layout.log('web')}.1").read_text() == "x" * 11
