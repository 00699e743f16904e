"""What a first view loads stays small, and no page carries inline scripts or styles."""

import gzip
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
KB = 1000


def zipped(folder: str, suffix: str) -> int:
    files = sorted((ROOT / "static" / folder).glob(f"*{suffix}"))
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_all_style_sheets_together_stay_under_20_kb() -> None:
    assert zipped("css", ".css") <= 20 * KB


def test_all_scripts_of_our_own_stay_under_10_kb() -> None:
    assert zipped("js", ".js") <= 10 * KB


def test_every_icon_named_in_a_template_is_drawn() -> None:
    drawn = set(
        re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text())
    )
    named = {
        (name, str(page.relative_to(ROOT)))
        for page in TEMPLATES
        for name in re.findall(r'{% icon "([\w-]+)"', page.read_text())
    }
    assert {one for one in named if one[0] not in drawn} == set()


def test_no_template_carries_inline_style_or_script() -> None:
    is_inline = re.compile(
        r"<style\b|\sstyle=|\son(?:click|change|submit|load|input|key\w+)=|\shx-on|<script(?![^>]*\bsrc=)"
    )
    # documents and mail are no pages: they are printed or sent, and have no policy of their own
    pages = [p for p in TEMPLATES if not {"documents", "mail"} & set(p.parts)]
    guilty = {str(p.relative_to(ROOT)): is_inline.findall(p.read_text()) for p in pages}
    assert {page: found for page, found in guilty.items() if found} == {}


def test_htmx_attributes_need_no_eval() -> None:
    needs_eval = re.compile(r'hx-vals=["\']js:|hx-headers=["\']js:|hx-trigger="[^"]*\[')
    assert [str(p.relative_to(ROOT)) for p in TEMPLATES if needs_eval.search(p.read_text())] == []
