"""The two things that no wheel brings: Pango, for PDFs, and Chromium, for the browser tests."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from oms.runtime.progress import Stages

PANGO_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class SystemPackage:
    """One thing wanted from the distribution, and what goes without it."""

    name: str
    packages: tuple[str, ...]
    without: str
    is_there: Callable[[], bool]

    @property
    def line(self) -> str:
        """The exact line that installs it on Debian and Ubuntu."""
        return f"sudo apt-get install --yes {' '.join(self.packages)}"


def has_pango() -> bool:
    """Whether WeasyPrint would find its libraries."""
    try:
        for library in PANGO_LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        return _has_pango_elsewhere()
    return True


def _has_pango_elsewhere() -> bool:
    """Libraries have other names outside Linux; there the loader's own search decides."""
    return os.uname().sysname != "Linux" and shutil.which("pango-view") is not None


def chromium() -> str | None:
    """The browser that the browser tests drive."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


PANGO = SystemPackage(
    name="Pango",
    packages=("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    without="documents can be seen as pages but not as PDFs",
    is_there=has_pango,
)
CHROMIUM = SystemPackage(
    name="Chromium",
    packages=("chromium",),
    without="the browser tests are skipped",
    is_there=lambda: chromium() is not None,
)


def ensure(wanted: SystemPackage, stages: Stages) -> bool:
    """Install it where that is possible, else say the exact line; never stops the start."""
    if wanted.is_there():
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        stages.say(f"installing {wanted.name} ({' '.join(wanted.packages)})")
        _apt_install(wanted)
        if wanted.is_there():
            return True
        stages.warn(f"apt could not install {wanted.name}; {wanted.without}. Try: {wanted.line}")
        return False
    stages.warn(f"{wanted.name} is missing; {wanted.without}. This installs it: {wanted.line}")
    return False


def _apt_install(wanted: SystemPackage) -> None:
    """Try with the package lists as they are, and fetch new ones only when that fails."""
    install = ["install", "--yes", "--no-install-recommends", "-qq", *wanted.packages]
    if not _apt(install) and _apt(["update", "-qq"]):
        _apt(install)


def _apt(arguments: list[str]) -> bool:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environ,
        check=False,
    )
    return done.returncode == 0
