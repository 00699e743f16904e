"""The sandbox in which wordings edited by staff are rendered.

An engine of its own: no loaders, no libraries but core.message_tags, a context of plain values. The
plain text is the truth; the HTML part is that text escaped, with paragraphs and links.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import NodeList
from django.template.defaulttags import ForNode
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

from core.errors import DomainError

LONGEST_BODY = 20_000
LONGEST_SUBJECT = 300
LONGEST_TEXT = 100_000
LONGEST_LIST = 200
DEEPEST_LOOP = 2
MISSING = "\ue000%s\ue001"
_missing = re.compile("\ue000(.*?)\ue001")
_controls = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")

Variables = Mapping[str, Any]


class WordingBroken(DomainError):
    """The wording cannot be used; `line` is where, counted from 1 (0: nowhere in particular)."""

    code = "wording_broken"

    def __init__(self, message: str, *, field: str, line: int = 0) -> None:
        super().__init__(message, field=field)
        self.line = line


@dataclass(frozen=True)
class Wording:
    """A message as its reader gets it: subject on one line, and the text."""

    subject: str
    text: str

    @property
    def html(self) -> SafeString:
        """The HTML part: the text, escaped, with paragraphs and links."""
        return mark_safe(linebreaks(urlize(self.text, autoescape=True)))  # noqa: S308


class _Sandbox(Engine):
    default_builtins = ["core.message_tags"]


_engine = _Sandbox(dirs=[], app_dirs=False, loaders=[], autoescape=False)
_checking = _Sandbox(
    dirs=[], app_dirs=False, loaders=[], autoescape=False, debug=True, string_if_invalid=MISSING
)


def render(subject: str, body: str, variables: Variables) -> Wording:
    """The wording with these variables; unknown names are left empty. Raises WordingBroken."""
    return _render(_engine, subject, body, variables)


def check(subject: str, body: str, examples: Variables) -> Wording:
    """Render with the examples and refuse what is broken or names a variable that there is not."""
    if len(body) > LONGEST_BODY:
        raise WordingBroken(f"Keep the text under {LONGEST_BODY:,} characters.", field="body")
    if len(subject) > LONGEST_SUBJECT:
        raise WordingBroken(f"Keep it under {LONGEST_SUBJECT} characters.", field="subject")
    if not subject.strip():
        raise WordingBroken("Write a subject.", field="subject")
    if not body.strip():
        raise WordingBroken("Write a text.", field="body")
    wording = _render(_checking, subject, body, examples)
    for field, text, source in (
        ("subject", wording.subject, subject),
        ("body", wording.text, body),
    ):
        if unknown := _missing.search(text):
            raise WordingBroken(
                f"There is no variable “{unknown[1]}” in this message.",
                field=field,
                line=_line_of(source, unknown[1]),
            )
    return wording


def _render(engine: Engine, subject: str, body: str, variables: Variables) -> Wording:
    plain = json.loads(json.dumps(dict(variables)))
    values = {name: _bounded(value) for name, value in plain.items()}
    subject_text = _filled(engine, "subject", subject, values)
    text = _filled(engine, "body", body, values)
    return Wording(one_line(subject_text)[:LONGEST_SUBJECT], text.strip() + "\n")


def _filled(engine: Engine, field: str, source: str, values: dict[str, Any]) -> str:
    try:
        template = Template(source, engine=engine)
        if _depth(template.nodelist) > DEEPEST_LOOP:
            raise WordingBroken("Loops may stand within one another only once.", field=field)
        text = template.render(Context(values, autoescape=False))
    except TemplateSyntaxError as error:
        line = getattr(error, "template_debug", {}).get("line", 0)
        where = f"Line {line}: " if line else ""
        raise WordingBroken(f"{where}{error}.", field=field, line=line) from error
    except RecursionError as error:
        raise WordingBroken("The text is nested too deeply.", field=field) from error
    except Exception as error:
        raise WordingBroken(f"It cannot be filled in: {error}.", field=field) from error
    if len(text) > LONGEST_TEXT:
        raise WordingBroken("The finished text is too long.", field=field)
    return text


def _depth(nodes: NodeList) -> int:
    deepest = 0
    for node in nodes:
        inner = max(
            (_depth(getattr(node, name)) for name in node.child_nodelists if hasattr(node, name)),
            default=0,
        )
        branches = getattr(node, "conditions_nodelists", ())
        inner = max([inner, *(_depth(branch) for _, branch in branches)])
        deepest = max(deepest, inner + isinstance(node, ForNode))
    return deepest


def _bounded(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_bounded(one) for one in value[:LONGEST_LIST])
    if isinstance(value, dict):
        return {str(key): _bounded(one) for key, one in value.items()}
    return value


def _line_of(source: str, name: str) -> int:
    at = source.find(name)
    return source.count("\n", 0, at) + 1 if at >= 0 else 0


def one_line(text: str) -> str:
    """Fit for a header: no line breaks, control characters or direction marks."""
    return " ".join(_controls.sub(" ", text).split())
