"""docs/access.md says who may open what, and it is true."""

from pathlib import Path

from django.conf import settings

from core import access_map


def test_the_page_of_access_is_what_the_code_says():
    page = (Path(settings.BASE_DIR) / "docs" / "access.md").read_text()
    assert page == access_map.as_markdown(), "run: ./run manage access_map --write"
