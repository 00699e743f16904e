"""One search over everything, as a palette and as a page."""

import pytest

from core import search
from core.rights import EDIT_USERS, SEE_BACK_OFFICE
from core.search import Hit, Searcher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def searchers(monkeypatch):
    monkeypatch.setattr(search, "_searchers", [])

    def ships(user, query, limit):
        names = ["Aurora", "Aurelia", "Borealis"]
        return [
            Hit(name, f"/ships/{name}", "truck", "ship", is_exact=name.lower() == query.lower())
            for name in names
            if query.lower() in name.lower()
        ][:limit]

    search.plug(Searcher("Ships", SEE_BACK_OFFICE, ships))

    def secrets(*_):
        return [Hit("Aurora's secret", "/s")]

    search.plug(Searcher("Secrets", EDIT_USERS, secrets))


@pytest.fixture
def ask(client, agent):
    client.force_login(agent)
    return client.get


def test_the_palette_finds_pages_and_records_one_may_open(ask):
    page = ask("/palette?q=aur").content.decode()
    assert "Aurora" in page
    assert "Aurelia" in page
    assert "secret" not in page
    assert "Home" in ask("/palette?q=hom").content.decode()


def test_the_palette_without_words_lists_the_menu(ask):
    page = ask("/palette?q=").content.decode()
    assert "Home" in page
    assert "Users" not in page


def test_an_exact_hit_is_jumped_to(ask):
    assert ask("/search?q=borealis").headers["Location"] == "/ships/Borealis"
    assert ask("/search?q=borealis&stay=1").status_code == 200


def test_several_hits_are_listed(ask):
    page = ask("/search?q=aur").content.decode()
    assert "Ships" in page
    assert "Aurelia" in page


@pytest.mark.parametrize("query", ["%", "'", "\x00", "a" * 5000, "<script>x</script>", "日本"])
def test_any_words_may_be_typed(ask, query):
    for path in ("/palette", "/search"):
        response = ask(f"{path}?q={query}")
        assert response.status_code == 200
        assert b"<script>x" not in response.content
