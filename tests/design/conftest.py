"""A real browser for tests of what only a browser can show."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import PATIENCE_MS


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A new page; at the end nothing may have been thrown or refused by the policy."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    made = context.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield made
    context.close()
    assert faults == []
