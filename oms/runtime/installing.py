"""Makes the virtual environment and installs what the hash-pinned lock files name."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from oms.runtime.layout import ROOT
from oms.runtime.progress import Stages, Stopped

RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
BOOTSTRAP_LOCK = ROOT / "requirements-bootstrap.lock"


def python_of(venv: Path) -> Path:
    """The interpreter inside a virtual environment."""
    return venv / "bin" / "python"


def fingerprint(lock: Path) -> str:
    """What an installation depends on: the lock's text and the Python it was made for."""
    made_for = f"{sys.version_info.major}.{sys.version_info.minor} {sys.platform}"
    return hashlib.sha256(lock.read_bytes() + made_for.encode()).hexdigest()


def stamp_of(venv: Path, lock: Path) -> Path:
    return venv / f".installed-{lock.stem}"


def is_installed(venv: Path, lock: Path) -> bool:
    """Whether exactly this lock was installed here before, by this version of Python."""
    stamp = stamp_of(venv, lock)
    return python_of(venv).exists() and stamp.exists() and stamp.read_text() == fingerprint(lock)


def ensure_installed(venv: Path, *, dev: bool, stages: Stages) -> None:
    """Bring the environment to the lock; costs a few milliseconds when it already is.

    The development lock holds everything of the runtime lock at the same versions.
    """
    lock = DEV_LOCK if dev else RUNTIME_LOCK
    if is_installed(venv, lock):
        return
    venv.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(venv / ".installing"):
        if is_installed(venv, lock):
            return
        stages.say(f"installing {lock.name} into {venv} (first start, or the lock changed)")
        _make_venv(venv)
        _install(venv, lock, stages)
        for done in [RUNTIME_LOCK, DEV_LOCK] if dev else [RUNTIME_LOCK]:
            stamp_of(venv, done).write_text(fingerprint(done))
        stages.say("packages installed")


@contextmanager
def _one_at_a_time(lock_path: Path) -> Iterator[None]:
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_venv(venv: Path) -> None:
    """An empty environment without pip, which takes a tenth of a second."""
    base = getattr(sys, "_base_executable", sys.executable)
    made = _quietly([base, "-m", "venv", "--without-pip", str(venv)])
    if made.returncode:
        raise Stopped(
            f"Python could not make a virtual environment in {venv}:\n{made.stderr.strip()}\n"
            "On Debian and Ubuntu this mends it: sudo apt-get install python3-venv"
        )


def _install(venv: Path, lock: Path, stages: Stages) -> None:
    """uv when it is there, else uv through pip, else pip alone: the same hashes are required."""
    python = str(python_of(venv))
    on_path = shutil.which("uv")
    if on_path and _install_with_uv(on_path, python, lock):
        return
    pip = _pip_for(venv)
    uv = str(venv / "bin" / "uv")
    if (
        not on_path
        and _quietly([*pip, *_pip_install(BOOTSTRAP_LOCK)]).returncode == 0
        and _install_with_uv(uv, python, lock)
    ):
        return
    stages.say("uv is not to be had here; pip installs instead, which takes longer")
    done = _quietly([*pip, *_pip_install(lock)])
    if done.returncode:
        said = "\n".join(f"    {line}" for line in done.stderr.splitlines()[-15:])
        raise Stopped(f"The packages of {lock.name} could not be installed. pip says:\n{said}")


def _install_with_uv(uv: str, python: str, lock: Path) -> bool:
    command = [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes"]
    return _quietly([*command, "-r", str(lock)]).returncode == 0


def _pip_install(lock: Path) -> list[str]:
    return ["install", "--quiet", "--no-input", "--require-hashes", "-r", str(lock)]


def _pip_for(venv: Path) -> list[str]:
    """pip inside the environment, or the base interpreter's pip acting on it."""
    python = str(python_of(venv))
    base = getattr(sys, "_base_executable", sys.executable)
    candidates: list[tuple[list[str] | None, list[str]]] = [
        (None, [python, "-m", "pip"]),
        (None, [base, "-m", "pip", "--python", python]),
        ([python, "-m", "ensurepip"], [python, "-m", "pip"]),
    ]
    for setup, pip in candidates:
        if setup and _quietly(setup).returncode:
            continue
        if _quietly([*pip, "--version"]).returncode == 0:
            return pip
    raise Stopped(
        "Neither uv nor pip could be found. Install one of them, for example with\n"
        "  sudo apt-get install python3-venv python3-pip"
    )


def _quietly(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def write_locks(venv: Path) -> None:
    """Resolve pyproject.toml into the lock files again, with every hash and no registry's name."""
    uv = shutil.which("uv") or str(venv / "bin" / "uv")
    base = [
        uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
        "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate",
        "--custom-compile-command", "./run lock",
    ]  # fmt: skip
    runtime = ["pyproject.toml", "-o", RUNTIME_LOCK.name]
    dev = ["pyproject.toml", "--extra", "dev", "-c", RUNTIME_LOCK.name, "-o", DEV_LOCK.name]
    for rest in (runtime, dev):
        if subprocess.run([*base, *rest], cwd=ROOT, check=False).returncode:
            raise Stopped("uv could not resolve pyproject.toml (its words are above).")
    bootstrap = [*base, "-", "-o", BOOTSTRAP_LOCK.name]
    subprocess.run(bootstrap, cwd=ROOT, input="uv\n", text=True, check=True)
