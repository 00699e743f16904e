"""docs/events.md says who reacts to what, and it is true."""

from pathlib import Path

from django.conf import settings

from core import event_map


def test_the_page_of_events_is_what_the_code_says():
    page = (Path(settings.BASE_DIR) / "docs" / "events.md").read_text()
    assert page == event_map.as_markdown(), "run: ./run manage event_map --write"


def test_nobody_waits_for_a_fact_that_no_app_states():
    assert event_map.dangling() == []
