"""Parts of a page that come with it, and those that come in a request of their own."""

import pytest
from django.http import Http404
from django.template import engines
from django.test import RequestFactory

from core import panels
from core.panels import Socket, late_panel, plug
from core.rights import Role
from tests.cast import make_user

HERE = Socket("tests.page")
TEMPLATE = "components/banner.html"

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(rf: RequestFactory, monkeypatch):
    monkeypatch.setattr(panels, "_plugged", {**panels._plugged, HERE.name: []})
    request = rf.get("/")
    request.user = make_user(Role.SALES)
    return request


def shown(request, subject) -> str:
    text = '{% load ui %}{% socket "tests.page" subject %}'
    return engines["django"].from_string(text).render({"subject": subject}, request)


def test_a_late_panel_stands_as_a_title_and_is_not_asked_before_it_is_fetched(page):
    asked = []

    def context(_request, subject):
        asked.append(subject.pk)
        return {"role": "info", "title": f"About {subject.pk}", "text": "All of it."}

    plug(HERE, template=TEMPLATE, context=context, url_name="orders:order_detail", title="Papers")
    user = page.user
    html = shown(page, user)
    assert asked == []
    assert f'hx-get="/orders/{user.pk}/"' in html
    assert "Show papers" in html
    whole = late_panel(HERE, "orders:order_detail", page, user).content.decode()
    assert (asked, f"About {user.pk}" in whole) == ([user.pk], True)


def test_a_panel_with_nothing_to_show_is_left_out_early_or_late(page):
    plug(HERE, template=TEMPLATE, context=lambda _request, _subject: None)
    assert shown(page, page.user) == ""
    plug(
        HERE,
        template=TEMPLATE,
        context=lambda _request, _subject: None,
        url_name="orders:order_detail",
        title="Papers",
    )
    assert late_panel(HERE, "orders:order_detail", page, page.user).content == b""


def test_a_late_panel_that_is_not_the_users_is_not_there(page):
    with pytest.raises(Http404):
        late_panel(HERE, "orders:order_detail", page, page.user)
