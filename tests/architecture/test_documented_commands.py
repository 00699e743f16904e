"""What the documents tell people to type exists: commands, options, files and the demo's channels."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from oms.demo.store import CHANNELS
from oms.runtime.layout import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINE = re.compile(r"(?:\./run manage|manage\.py)\s+([a-z_]+[^`\n#|]*)")
OF_DJANGO = {"makemigrations", "migrate", "shell"}
PLACEHOLDER = re.compile(r"\[[^\]]*\]|\bARGS\b|…")


def typed(text: str) -> list[list[str]]:
    """The words of every management command on a page; continued lines are joined."""
    joined = re.sub(r"\\\n(?:[#\s]*)", " ", text)
    found = [PLACEHOLDER.sub("", one) for one in LINE.findall(joined)]
    return [shlex.split(one.split(" < ")[0].rstrip(" .,;:)")) for one in found]


def told() -> list[tuple[str, list[str]]]:
    return [
        (str(page.relative_to(ROOT)), words)
        for page in PAGES
        for words in typed(page.read_text(encoding="utf-8"))
    ]


def parse(words: list[str]) -> dict[str, object]:
    """The options as the command itself reads them; it may stop at what a person has to fill in."""
    name, *rest = words
    command = load_command_class(get_commands()[name], name)
    filled_in = ["1" if word == "RUN" else word for word in rest]
    known, unknown = command.create_parser("manage.py", name).parse_known_args(filled_in)
    assert unknown == [], words
    return vars(known)


def test_commands_are_found_on_the_pages():
    assert {"import_orders", "create_api_key", "export_availability"} <= {
        words[0] for _, words in told()
    }


@pytest.mark.parametrize(("page", "words"), told(), ids=[" ".join(words) for _, words in told()])
def test_every_command_can_be_typed_as_it_is_told(page, words):
    if words[0] in OF_DJANGO:
        return
    assert words[0] in get_commands(), page
    alone = len(words) == 1  # named in passing, not as something to type
    options = {} if alone else parse(words)
    if channel := options.get("channel"):
        assert channel in {row[0] for row in CHANNELS}
    for word in words:
        if word.startswith("docs/"):
            assert (ROOT / word).exists()


def test_the_example_of_an_order_names_what_the_demo_has():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert set(re.findall(r'"channel": "([^"]+)"', page)) <= {row[0] for row in CHANNELS}


def test_links_between_the_pages_lead_somewhere():
    broken = [
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (Path(page).parent / target).exists()
    ]
    assert broken == []
