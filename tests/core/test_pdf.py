"""The child process that makes PDFs: what it fetches, what it may use, and how it dies."""

import http.server
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from io import BytesIO

import pytest
from barcode import Code128
from pypdf import PdfReader

from core import pdf
from core.markup.codes import barcode, qr

pytestmark = pytest.mark.skipif(not pdf.pdf_available(), reason=f"run: {pdf.INSTALL}")
SECRET = "the-secret-of-this-machine"


@pytest.fixture(autouse=True)
def _own_child():
    yield
    pdf.stop()


def text_of(rendered: pdf.Rendered) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(rendered.content)).pages)


def sheet(body: str) -> str:
    return f'<!doctype html><html><body class="sheet">{body}</body></html>'


def test_pages_are_numbered_in_our_own_font():
    rendered = pdf.render(sheet("<h1>Lieferschein für Łódź</h1><p class='break'>Second</p>"))
    assert rendered.pages == 2
    assert "Page 2 of 2" in text_of(rendered)
    assert "Lieferschein für Łódź" in text_of(rendered)
    fonts = PdfReader(BytesIO(rendered.content)).pages[0]["/Resources"]["/Font"]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert names
    assert all("Inter" in name for name in names)


def test_a_label_is_100_by_150_millimetres():
    rendered = pdf.render('<html><body class="label">To Ada</body></html>')
    box = PdfReader(BytesIO(rendered.content)).pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (100, 150)


class Listener:
    """A server on loopback that counts who asks it for anything."""

    def __init__(self) -> None:
        hits = self.hits = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hits.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener():
    one = Listener()
    yield one
    one.server.shutdown()
    one.server.server_close()


def test_nothing_is_fetched_and_no_file_is_read(tmp_path, listener):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    sheets = tmp_path / "secret.css"
    sheets.write_text(f'body::before {{ content: "{SECRET}" }}')
    sources = [secret.as_uri(), sheets.as_uri(), f"{listener.url}/x", "ftp://127.0.0.1/x"]
    hostile = "".join(
        f'<img src="{url}"><link rel="stylesheet" href="{url}">'
        f'<link rel="attachment" href="{url}"><object data="{url}"></object>'
        f'<embed src="{url}"><iframe src="{url}"></iframe>'
        f'<style>@import url("{url}"); body {{ background: url("{url}") }}'
        f' @font-face {{ font-family: x; src: url("{url}") }} li {{ list-style-image: url("{url}") }}'
        f' p::after {{ content: url("{url}") }}</style><p style="font-family: x">text</p>'
        f'<svg><image href="{url}"/><use href="{url}#a"/></svg>'
        for url in sources
    )
    rendered = pdf.render(sheet(hostile))
    assert listener.hits == []
    assert SECRET not in text_of(rendered)
    assert SECRET.encode() not in rendered.content
    assert not PdfReader(BytesIO(rendered.content)).attachments


def test_a_document_that_takes_too_long_is_stopped_and_the_next_one_is_made():
    rows = "<tr><td>x</td></tr>" * 60_000
    with pytest.raises(pdf.RenderFailed, match="longer than 2 s"):
        pdf.render(sheet(f"<table>{rows}</table>"), seconds=2)
    assert pdf.render(sheet("fine")).pages == 1


def test_memory_is_capped(monkeypatch):
    monkeypatch.setenv("OMS_PDF_MEMORY_MB", "320")
    with pytest.raises(pdf.RenderFailed, match=r"memory|ended|Memory"):
        pdf.render(sheet("<p>" + "word " * 3_000_000), seconds=50)


def test_a_killed_child_fails_its_document_and_the_next_gets_another():
    pdf.render(sheet("warm"))
    first = pdf._running[0].pid
    threading.Timer(0.3, lambda: os.kill(first, signal.SIGKILL)).start()
    with pytest.raises(pdf.RenderFailed):
        pdf.render(sheet("<table>" + "<tr><td>x</td></tr>" * 30_000 + "</table>"))
    assert pdf.render(sheet("fine")).pages == 1
    assert pdf._running[0].pid != first


def test_one_child_serves_many_documents():
    pdf.render(sheet("one"))
    first = pdf._running[0].pid
    pdf.render(sheet("two"))
    assert pdf._running[0].pid == first


def test_what_the_parent_holds_does_not_count_as_the_childs():
    pdf.stop()
    held = bytearray(b"x" * (pdf.KILOBYTES_PER_CHILD + 100 * 1024) * 1024)
    pdf.render(sheet("one"))
    assert pdf._running
    assert held


def test_the_child_dies_with_its_parent():
    script = textwrap.dedent("""
        import os, sys, django
        django.setup()
        from core import pdf
        pdf.render("<html><body>x</body></html>")
        print(pdf._running[0].pid, flush=True)
        os.kill(os.getpid(), 9)
    """)
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "oms.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=environ, check=False, timeout=90
    )
    child = int(done.stdout)
    for _ in range(50):
        if not is_running(child):
            return
        time.sleep(0.1)
    pytest.fail("the child outlived its parent")


def is_running(pid: int) -> bool:
    try:
        state = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0]  # noqa: SIM115, PTH123
    except OSError:
        return False
    return state not in {"Z", "X"}


def test_no_pdf_is_made_inside_a_transaction(db):
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        pdf.render(sheet("x"))


def test_the_child_gets_no_secret_of_ours():
    assert "SECRET_KEY" not in pdf._environment()
    assert "DATABASE_URL" not in pdf._environment()


def test_a_bar_code_draws_the_modules_of_code_128():
    svg = barcode("SO-1001", 10)
    bars = re.findall(r'<rect x="(\d+)" y="0" width="(\d+)"', svg)
    drawn = {int(x) - 10 + i for x, width in bars for i in range(int(width))}
    modules = Code128("SO-1001").build()[0]
    assert drawn == {at for at, bit in enumerate(modules) if bit == "1"}
    assert len(modules) == 8 * 11 + 13  # start, S, O, -, switch, 10, 01, check digit; stop
    assert ">SO-1001<" in svg
    assert "style" not in svg


def test_codes_escape_what_they_carry():
    assert "<b>" not in barcode("A<b>")
    assert qr("https://example.com/<x>").startswith("<svg")
