"""PDF from HTML by a child process: one per worker process, restarted when it fails or has grown."""

import ctypes
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from core import pdf_child, transactions
from core.errors import DomainError

STYLESHEET = Path(settings.BASE_DIR) / "static" / "css" / "document.css"
SECONDS = float(os.environ.get("OMS_PDF_SECONDS", "60"))
HTML_BYTES = 20 * 1024 * 1024
DOCUMENTS_PER_CHILD = 200
KILOBYTES_PER_CHILD = 500 * 1024
LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
INSTALL = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
LENGTH = struct.Struct(">Q")

Answer = tuple[dict[str, object], bytes]


class RenderFailed(DomainError):
    """The document could not be made: it is broken, too large or took too long."""

    code = "render_failed"


class PdfUnavailable(DomainError):
    """The libraries that make PDFs are missing from this machine."""

    code = "pdf_unavailable"


@dataclass(frozen=True)
class Rendered:
    """A finished PDF."""

    content: bytes
    pages: int


@cache
def pdf_available() -> bool:
    """Whether the libraries that WeasyPrint needs are on this machine."""
    if sys.platform != "linux":
        return True
    try:
        for library in LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_hint() -> str:
    """The line that mends a missing Pango."""
    return INSTALL


@cache
def stylesheet_hash() -> str:
    """Stands for the look in the hash of a document's inputs."""
    return sha256(STYLESHEET.read_bytes()).hexdigest()


class Child:
    """One running child process; not shared between threads or forks."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.rendered = 0
        self._process = subprocess.Popen(
            [sys.executable, "-I", pdf_child.__file__, str(os.getpid()), str(STYLESHEET)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )
        self.pid = self._process.pid

    @property
    def is_alive(self) -> bool:
        return self.owner == os.getpid() and self._process.poll() is None

    def greet(self) -> None:
        """Wait until it has loaded; raises PdfUnavailable when it cannot."""
        header, _ = self._within(SECONDS, self._read)
        if not header["is_ok"]:
            raise PdfUnavailable(f"PDFs cannot be made here: {header['error']}. Run: {INSTALL}")

    def render(self, html: bytes, *, seconds: float) -> Answer:
        self.rendered += 1

        def exchange() -> Answer:
            pipe = self._process.stdin
            assert pipe is not None  # noqa: S101  (Popen was given a pipe)
            pipe.write(LENGTH.pack(len(html)) + html)
            pipe.flush()
            return self._read()

        return self._within(seconds, exchange)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    continue

    def _within(self, seconds: float, exchange: Callable[[], Answer]) -> Answer:
        """Let the exchange take so long; then the child is killed, which ends the exchange."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            return exchange()
        except (OSError, EOFError) as error:
            if late.is_set():
                raise RenderFailed(
                    f"Making the document took longer than {seconds:.0f} s and was stopped."
                ) from error
            raise RenderFailed(
                f"The process that makes PDFs ended (code {self._process.wait()})."
            ) from error
        finally:
            timer.cancel()

    def _read(self) -> Answer:
        (size,) = LENGTH.unpack(self._exactly(LENGTH.size))
        header: dict[str, object] = json.loads(self._exactly(size))
        return header, self._exactly(int(str(header["size"])))

    def _exactly(self, size: int) -> bytes:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101  (Popen was given a pipe)
        found = pipe.read(size)
        if len(found) != size:
            raise EOFError
        return found


def _environment() -> dict[str, str]:
    """The child needs no secrets: it gets the paths and caps, and nothing else."""
    passed = ("PATH", "LANG", "LD_LIBRARY_PATH", "OMS_PDF_MEMORY_MB", "OMS_PDF_SECONDS", "TMPDIR")
    home = {"HOME": os.environ.get("TMPDIR", "/tmp")}  # noqa: S108  (fontconfig's cache)
    return home | {name: os.environ[name] for name in passed if name in os.environ}


_turn = threading.Lock()
_running: list[Child] = []


def render(html: str, *, seconds: float = SECONDS) -> Rendered:
    """Make a PDF. Never within a transaction: it takes 0.1 s to a minute.

    Raises RenderFailed or PdfUnavailable.
    """
    transactions.refuse("a PDF was made")
    encoded = html.encode()
    if len(encoded) > HTML_BYTES:
        raise RenderFailed("The document is longer than a document may be.")
    with _turn:
        return _render(encoded, seconds)


def _render(html: bytes, seconds: float) -> Rendered:
    child = _child()
    try:
        header, content = child.render(html, seconds=seconds)
    except RenderFailed:
        stop()
        raise
    kilobytes = int(str(header.get("kilobytes", 0)))
    if child.rendered >= DOCUMENTS_PER_CHILD or kilobytes > KILOBYTES_PER_CHILD:
        stop()
    if not header["is_ok"]:
        stop()
        raise RenderFailed(f"The document could not be laid out: {header['error']}")
    return Rendered(content, int(str(header["pages"])))


def _child() -> Child:
    if _running and not _running[0].is_alive:
        stop()
    if not _running:
        child = Child()
        _running.append(child)
        try:
            child.greet()
        except DomainError:
            stop()
            raise
    return _running[0]


def stop() -> None:
    """End the child, if one runs; the next document starts another."""
    while _running:
        child = _running.pop()
        if child.owner == os.getpid():
            child.close()
