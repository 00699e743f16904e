"""Brings the servers up for as long as something needs them, or finds those that run."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from oms.runtime import server_home, state
from oms.runtime.crew import Crew
from oms.runtime.layout import Layout
from oms.runtime.progress import Stages
from oms.runtime.servers import Postgres, Valkey
from oms.runtime.state import Note

START_SECONDS = 60


@dataclass(frozen=True)
class Servers:
    """The addresses of the two servers."""

    database_url: str
    redis_url: str


def start_servers(
    layout: Layout,
    crew: Crew,
    note: Note,
    environ: Mapping[str, str],
    stages: Stages,
    *,
    throw_away: bool = False,
) -> Servers:
    """Start what DATABASE_URL and REDIS_URL do not name, wait until both serve, and note them."""
    database_url = environ.get("DATABASE_URL", "")
    redis_url = environ.get("REDIS_URL", "")
    if not (database_url and redis_url):
        home = server_home.settle(layout, environ)
        if home.postgres.parent != layout.var:
            stages.say(f"the servers' data is in {home.postgres.parent}, which {layout.var} hides")
    if not database_url:
        postgres = Postgres(layout, home, throw_away=throw_away)
        made = postgres.prepare()
        crew.start(postgres.child)
        postgres.child.wait_ready(postgres.is_ready, seconds=START_SECONDS)
        postgres.ensure_database()
        database_url = postgres.url
        stages.say("PostgreSQL is up" + (" with a new, empty database" if made else ""))
    if not redis_url:
        valkey = Valkey(layout, home, throw_away=throw_away)
        crew.start(valkey.child)
        valkey.child.wait_ready(valkey.is_ready, seconds=START_SECONDS)
        redis_url = valkey.url
        stages.say("Valkey is up")
    note.database_url, note.redis_url = database_url, redis_url
    note.write(layout)
    return Servers(database_url, redis_url)


@contextmanager
def servers_for_command(layout: Layout, command: str, *, stages: Stages) -> Iterator[Servers]:
    """The servers of the running store, or the same started for this one command."""
    environ = os.environ
    if environ.get("DATABASE_URL") and environ.get("REDIS_URL"):
        yield Servers(environ["DATABASE_URL"], environ["REDIS_URL"])
        return
    try:
        with state.hold(layout, command) as note, _crew(layout, note) as crew:
            yield start_servers(layout, crew, note, environ, stages)
            state.wait_for_users(layout)
    except state.Held:
        with state.using_servers(layout):
            note = state.wait_for_servers(layout)
            yield Servers(
                environ.get("DATABASE_URL") or note.database_url,
                environ.get("REDIS_URL") or note.redis_url,
            )


@contextmanager
def _crew(layout: Layout, note: Note) -> Iterator[Crew]:
    crew = Crew(layout, note)
    try:
        yield crew
    finally:
        crew.stop()


@contextmanager
def servers_for_tests(live: Layout, *, stages: Stages) -> Iterator[tuple[Layout, Servers]]:
    """Quick, unsafe servers, kept between runs; thrown away when those are in use."""
    kept = Layout(live.var / "test")
    try:
        with _test_servers(kept, stages) as servers:
            yield kept, servers
    except state.Held:
        stages.say("another test run is going on; this one gets servers of its own")
        with tempfile.TemporaryDirectory(prefix="oms-test-") as folder:
            Path(folder).chmod(0o755)
            once = Layout(Path(folder) / "var")
            with _test_servers(once, stages) as servers:
                yield once, servers
            server_home.discard(once)


@contextmanager
def _test_servers(layout: Layout, stages: Stages) -> Iterator[Servers]:
    environ = os.environ
    with state.hold(layout, "test") as note, _crew(layout, note) as crew:
        yield start_servers(layout, crew, note, environ, stages, throw_away=True)
