"""The two embedded servers: how PostgreSQL and Valkey are made, started and known to be ready."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from oms.runtime.children import Child
from oms.runtime.layout import Layout
from oms.runtime.processes import command_of, name_of, started_at, wait_until, working_inside
from oms.runtime.progress import Stopped
from oms.runtime.server_home import ServerHome

DATABASE = "oms"
SUPERUSER = "oms"
VALKEY_SOCKET = "valkey.sock"

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "work_mem": "16MB",  # two filters meet in one bitmap of all that they find
    "log_min_duration_statement": "2000",
}
LEAST_BUFFERS_MB, MOST_BUFFERS_MB = 128, 1024
# Data of a test run is worth nothing after it.
THROW_AWAY_SETTINGS = {
    "shared_buffers": f"{LEAST_BUFFERS_MB}MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10s",
    "max_wal_size": "2GB",
}


def memory_settings() -> dict[str, str]:
    """A sixteenth of the machine's memory for pages in use, within bounds; taken as it is needed."""
    whole_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {"shared_buffers": f"{min(MOST_BUFFERS_MB, max(LEAST_BUFFERS_MB, whole_mb // 16))}MB"}


def server_environment(home: ServerHome) -> dict[str, str]:
    """The little that a server needs to know: never our secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "TZDIR") if name in os.environ}
    return kept | {"LC_ALL": "C", "HOME": str(home.postgres)}


class Postgres:
    """One cluster in one folder, reached through one socket that only its user can enter."""

    def __init__(self, layout: Layout, home: ServerHome, *, throw_away: bool = False) -> None:
        self._home = home
        self._throw_away = throw_away
        self._init_log = layout.log("initdb")
        self.url = f"postgres://{SUPERUSER}@/{DATABASE}?host={quote(str(home.sockets), safe='/')}"
        settings = POSTGRES_SETTINGS | memory_settings()
        settings |= THROW_AWAY_SETTINGS if throw_away else {}
        settings["unix_socket_directories"] = str(home.sockets)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.child = Child(
            name="PostgreSQL",
            argv=[self._program("postgres"), "-D", str(home.postgres), *options],
            environ=server_environment(home),
            log=layout.log("postgres"),
            stop_signal=signal.SIGINT,  # fast shutdown: ends sessions, writes everything
            grace_seconds=30,
            account=home.account,
            cwd=home.postgres,
            before_start=self.prepare,
            may_be_killed=False,
        )

    def _program(self, name: str) -> str:
        return str(self._home.postgres_bin / name)

    def prepare(self) -> bool:
        """Make the cluster when there is none, and clear what a crash left; True when made."""
        if not (self._home.postgres / "PG_VERSION").exists():
            self._initdb()
            return True
        self._check_version()
        end_orphans(self._home.postgres)
        self._clear_stale_files()
        return False

    def _initdb(self) -> None:
        """Into the empty folder; a half-made cluster of an interrupted start is thrown away."""
        for leftover in self._home.postgres.iterdir():
            subprocess.run(["rm", "-rf", str(leftover)], check=True)
        command = [
            self._program("initdb"), "-D", str(self._home.postgres), "-U", SUPERUSER,
            "--auth=trust", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        ]  # fmt: skip
        if self._throw_away:
            command.append("--no-sync")
        made = Child(
            name="initdb",
            argv=command,
            environ=server_environment(self._home),
            log=self._init_log,
            account=self._home.account,
            cwd=self._home.postgres,
        )
        made.start()
        assert made.process is not None
        if made.process.wait():
            raise Stopped(f"PostgreSQL could not make its data folder:\n{made.log_tail()}")

    def _check_version(self) -> None:
        kept = (self._home.postgres / "PG_VERSION").read_text().strip()
        told = subprocess.run(
            [self._program("postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        runs = told.split()[-1].split(".")[0]
        if kept != runs:
            raise Stopped(
                f"The data in {self._home.postgres} is of PostgreSQL {kept}; the programs are "
                f"{runs}. Name the old ones with OMS_PG_BIN, dump, and load into a new OMS_VAR."
            )

    def _clear_stale_files(self) -> None:
        """A pid file without a server behind it, and its socket, would only mislead the start.

        Its number may by now belong to somebody else, which PostgreSQL itself takes for a server.
        """
        (self._home.postgres / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self._home.sockets / name).unlink(missing_ok=True)

    def is_ready(self) -> bool:
        """What pg_ctl asks: the last line of the pid file."""
        try:
            lines = (self._home.postgres / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and int(lines[0]) == self.child.pid

    def ensure_database(self) -> None:
        """Make the database itself; it being there already is fine."""
        made = subprocess.run(
            [
                self._program("createdb"),
                "--host", str(self._home.sockets),
                "--username", SUPERUSER,
                "--maintenance-db", "postgres",
                DATABASE,
            ],
            capture_output=True, text=True, check=False, env=server_environment(self._home),
        )  # fmt: skip
        if made.returncode and "already exists" not in made.stderr:
            raise Stopped(f"PostgreSQL could not make the database: {made.stderr.strip()}")


class Valkey:
    """One Valkey on one socket; what it holds survives a stop, and may be lost without harm."""

    def __init__(self, layout: Layout, home: ServerHome, *, throw_away: bool = False) -> None:
        self._socket = home.sockets / VALKEY_SOCKET
        self.url = f"unix://{quote(str(self._socket), safe='/')}"
        self.child = Child(
            name="Valkey",
            argv=[
                str(home.valkey_server),
                "--port", "0",
                "--unixsocket", str(self._socket),
                "--unixsocketperm", "700",
                "--dir", str(home.valkey),
                "--appendonly", "no" if throw_away else "yes",
                "--save", "",
                "--daemonize", "no",
            ],
            environ=server_environment(home),
            log=layout.log("valkey"),
            account=home.account,
            cwd=home.valkey,
            may_be_killed=False,
        )  # fmt: skip

    def is_ready(self) -> bool:
        """Whether it answers PING; while it loads its file it answers, but not with PONG."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(1)
            try:
                link.connect(str(self._socket))
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def orphans_of(data: Path) -> list[int]:
    """PostgreSQL processes that work on this data, by their current folder or their command.

    The current folder of another user's process may be hidden even from root (in a container);
    the postmaster's command line never is, and its children end with it.
    """
    found = [pid for pid in working_inside(data) if name_of(pid) == "postgres"]
    with suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().split()[0])
        if pid not in found and started_at(pid) and str(data) in command_of(pid):
            found.append(pid)
    return found


def end_orphans(data: Path) -> None:
    """End a PostgreSQL that somebody's crash left running on this data: asked, then told."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        for pid in orphans_of(data):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_until(lambda: not orphans_of(data), seconds=5):
            return
    raise Stopped(f"A PostgreSQL still runs on {data} and cannot be stopped.")
