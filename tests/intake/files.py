"""Small tables as bytes, and runs of the importer in this process."""

from pathlib import Path

from core import imports
from core.models import ImportRun
from core.tabular import read_table

DATA = Path(__file__).parent.parent / "data"
EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"


def run_import(content: bytes, *, format: str = "shopify", **more) -> ImportRun:  # noqa: A002
    """Import bytes as orders of the channel `web`; words that are no options go to the run."""
    run_words = {
        name: more.pop(name)
        for name in ("is_dry_run", "max_errors", "batch_size", "on_progress", "is_stop_asked")
        if name in more
    }
    options = {"channel": "web", **more}
    return imports.run_here(
        "orders", format=format, name="test.csv", content=content, options=options, **run_words
    )


def superstore_map() -> str:
    return (EXAMPLES / "superstore.toml").read_text()


def table_of(content: bytes) -> list[dict[str, str]]:
    """A file's rows by column, issue columns left out."""
    return [row.values for row in read_table(content).rows()]


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """Created, updated, unchanged orders, and rejected rows."""
    return run.created, run.updated, run.unchanged, run.rejected
