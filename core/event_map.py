"""Who reacts to what: every fact with its handlers, as a page of the documentation."""

from collections.abc import Iterator

from core.facts import Fact, all_facts
from core.handling import QUEUED, all_handlers, handlers_of

INTRO = """# What happens, and who reacts

Every fact that the system states, by the app that states it, and the handlers that react to it. A fact
is written in the same transaction as the change it tells of; handlers are called afterwards, at least
once. This page is written by `./run manage event_map --write`; a test holds it to the code.
"""


def as_markdown() -> str:
    """The whole page."""
    parts = [INTRO]
    app = ""
    for name, fact in all_facts().items():
        if name.startswith("tests."):
            continue
        if name.partition(".")[0] != app:
            app = name.partition(".")[0]
            parts.append(f"## {app}\n")
        parts.append("\n".join(_lines(name, fact)) + "\n")
    every = [handler.name for handler in all_handlers() if handler.fact_name == "*"]
    if every:
        parts.append("## Every fact\n\n" + "\n".join(f"- `{name}`" for name in every) + "\n")
    queued = [handler.name for handler in all_handlers() if handler.fact_name == QUEUED]
    if queued:
        listed = "\n".join(f"- `{name}`" for name in queued)
        parts.append(f"## Facts that start an active rule\n\n{listed}\n")
    return "\n".join(parts)


def _lines(name: str, fact: type[Fact]) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    if fact.sentence:
        yield f"On the timeline of the {fact.subject}: “{fact.sentence}”"
    else:
        yield f"About the {fact.subject}; not shown on its timeline."
    fields = ", ".join(f"`{field}`" for field in fact.__annotations__)
    yield f"Fields: {fields}"
    yield ""
    reactions = [one.name for one in handlers_of(name) if one.fact_name == name]
    yield from ([f"- `{one}`" for one in sorted(reactions)] or ["- nobody reacts"])


def dangling() -> list[str]:
    """Handlers of facts that no app states."""
    known = all_facts()
    return [
        f"{handler.name} waits for {handler.fact_name}"
        for handler in all_handlers()
        if handler.fact_name not in {"*", QUEUED} and handler.fact_name not in known
    ]
