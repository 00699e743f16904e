"""Where everything lives: the checkout, the data folder, the virtual environment, the sockets."""

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A socket's whole path must fit into sockaddr_un: 108 bytes on Linux and 104 on macOS, each with
# a closing NUL.
SOCKET_PATH_LIMIT = 103 if sys.platform == "darwin" else 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The folders of one data folder; nothing here touches the disk."""

    var: Path

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def valkey(self) -> Path:
        return self.var / "valkey"

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    @property
    def secret_key(self) -> Path:
        return self.var / "secret_key"

    @property
    def lock(self) -> Path:
        return self.var / "supervisor.lock"

    @property
    def users_lock(self) -> Path:
        return self.var / "users.lock"

    @property
    def state(self) -> Path:
        return self.var / "supervisor.json"

    @property
    def prepared(self) -> Path:
        return self.var / "prepared.json"

    @property
    def no_demo(self) -> Path:
        """Its presence means that this store is to stay empty."""
        return self.var / "no-demo"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def var_folder(environ: Mapping[str, str], *, training: bool = False) -> Path:
    """The data folder: OMS_VAR or var/ in the checkout; training keeps its own beside it."""
    live = Path(environ.get("OMS_VAR") or ROOT / "var").expanduser().absolute()
    return live.with_name(f"{live.name}-training") if training else live


def venv_folder(environ: Mapping[str, str]) -> Path:
    """OMS_VENV, else .venv in the checkout, else (read-only checkout) .venv in the data folder."""
    if named := environ.get("OMS_VENV"):
        return Path(named).expanduser().absolute()
    beside = ROOT / ".venv"
    if beside.exists() or os.access(ROOT, os.W_OK):
        return beside
    return var_folder(environ) / ".venv"


def fits_a_socket(folder: Path) -> bool:
    """Whether sockets of both servers can be bound inside this folder."""
    return len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT


def short_socket_folder(var: Path, environ: Mapping[str, str], *, uid: int) -> Path:
    """A short folder for this data folder's sockets, for when its own path is too deep.

    Root uses /run, which nobody else can write to; others their XDG_RUNTIME_DIR or /tmp.
    """
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:10]
    candidates = [Path("/run")] if uid == 0 else []
    if uid != 0 and (runtime := environ.get("XDG_RUNTIME_DIR")):
        candidates.append(Path(runtime))
    name = f"oms-{uid}-{mark}"
    for parent in candidates:
        if os.access(parent, os.W_OK | os.X_OK) and fits_a_socket(parent / name):
            return parent / name
    return Path("/tmp") / name  # noqa: S108 (made 0700 and checked for its owner before use)
