"""The child process that turns HTML into PDF: run as a script, it knows nothing of Django.

It reads a length and that many bytes of HTML from standard input and answers with a length, a JSON
header and the PDF. It fetches nothing but `data:` addresses, caps its own memory and its processor
time per document, and dies with its parent.
"""

import base64
import ctypes
import json
import logging
import os
import re
import resource
import select
import signal
import struct
import sys
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
MEMORY_BYTES = int(os.environ.get("OMS_PDF_MEMORY_MB", "1024")) * 1024 * 1024
CPU_SECONDS = int(os.environ.get("OMS_PDF_SECONDS", "60"))
FILE_BYTES = 64 * 1024 * 1024
IDLE_SECONDS = 300
LENGTH = struct.Struct(">Q")


def die_with_parent(parent: int) -> None:
    """Be killed when the parent goes, however it goes (Linux; elsewhere the closed pipe ends us)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


def cap_resources() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))


def cap_time() -> None:
    """Allow the next document its own share of processor time."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, hard))


def embedded(stylesheet: Path) -> str:
    """The stylesheet with its fonts put in as `data:` addresses."""

    def as_data(match: "re.Match[str]") -> str:
        font = (stylesheet.parent / match[1]).read_bytes()
        return f'url("data:font/woff2;base64,{base64.b64encode(font).decode()}")'

    return re.sub(r'url\("(\.\./fonts/[^"]+)"\)', as_data, stylesheet.read_text())


class Renderer:
    """WeasyPrint with our stylesheet and fonts, loaded once."""

    def __init__(self, stylesheet: Path) -> None:
        from weasyprint import CSS, HTML  # noqa: PLC0415  (missing Pango is told, not died of)
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415

        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        self._html = HTML
        self._fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
        self._fonts = FontConfiguration()
        self._css = CSS(
            string=embedded(stylesheet), font_config=self._fonts, url_fetcher=self._fetcher
        )

    def render(self, html: str) -> tuple[bytes, int]:
        """The PDF and its number of pages."""
        source = self._html(string=html, url_fetcher=self._fetcher, base_url=None)
        document: Any = source.render(font_config=self._fonts, stylesheets=[self._css])
        return document.write_pdf(), len(document.pages)


def read_exactly(stream: BufferedReader, size: int) -> bytes:
    found = stream.read(size)
    if len(found) != size:
        sys.exit(0)
    return found


def answer(stream: BufferedWriter, header: dict[str, object], pdf: bytes = b"") -> None:
    head = json.dumps({**header, "size": len(pdf)}).encode()
    stream.write(LENGTH.pack(len(head)) + head + pdf)
    stream.flush()


def resident_kilobytes() -> int:
    """The most memory this process has held. What `getrusage` says begins with what its parent held."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0])


def serve(stylesheet: Path) -> None:
    """Answer one document after the other until the parent closes the pipe or has long been quiet."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get into the answers
    try:
        renderer = Renderer(stylesheet)
    except (ImportError, OSError) as error:
        answer(answers, {"is_ok": False, "error": f"{error}", "is_missing": True})
        return
    answer(answers, {"is_ok": True})
    while select.select([requests], [], [], IDLE_SECONDS)[0]:
        (size,) = LENGTH.unpack(read_exactly(requests, LENGTH.size))
        html = read_exactly(requests, size).decode()
        cap_time()
        try:
            pdf, pages = renderer.render(html)
        except MemoryError:
            answer(answers, {"is_ok": False, "error": "It needs more memory than a document may."})
            return
        except Exception as error:  # noqa: BLE001  (what is wrong with one document is told)
            answer(answers, {"is_ok": False, "error": f"{type(error).__name__}: {error}"})
        else:
            kilobytes = resident_kilobytes()
            answer(answers, {"is_ok": True, "pages": pages, "kilobytes": kilobytes}, pdf)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    cap_resources()
    serve(Path(sys.argv[2]))
