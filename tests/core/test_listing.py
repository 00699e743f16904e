"""The list kit: paging by key, search words, filters, views, columns, bulk actions and exports."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from core import jobs
from core.errors import NotPossible
from core.listing import (
    AnyOf,
    BulkAction,
    Column,
    Contains,
    Flag,
    ListFilter,
    Listing,
    NumberRange,
    OneOf,
    Period,
    Preset,
    choice_token,
    day_token,
    number_token,
    text_token,
)
from core.listing.columns import follow
from core.listing.escaping import escape, unescape
from core.listing.exporting import csv_lines, write_xlsx
from core.listing.page import ListPage, sign_selection
from core.listing.search import split_terms
from core.models import AttentionItem, ListPreference, SavedView
from core.rights import SEE_BACK_OFFICE, Role
from tests.cast import make_user

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 1, 12, tzinfo=UTC)
ROWS = engines["django"].from_string(
    "{% load listing %}{% rows %}{% cell 'title' %}<b>{{ row.title }}</b>{% endcell %}"
    "{% cell 'kind' %}{{ row.kind }}{% endcell %}{% cell 'raised' %}{{ row.pk }}{% endcell %}"
    "{% endrows %}"
)


class ItemFilter(ListFilter):
    kind = AnyOf("kind", label="Kind", choices=[("late", "Late"), ("short", "Short")])
    type = OneOf("subject_type", label="Type", choices=lambda: [("order", "Order")])
    done = Flag(label="Done", condition=Q(resolved_at__isnull=False))
    raised = Period("raised_at", label="Raised")
    subject = NumberRange("subject_id", label="Subject")
    text = Contains("detail", label="Detail")


class Resolve(BulkAction):
    code, label, title, right = "resolve", "Resolve", "Resolve items", SEE_BACK_OFFICE

    def refusal(self, row):
        return "It is resolved already." if row.resolved_at else None

    def apply(self, rows, **values):
        for row in rows:
            if "stuck" in row.title:
                raise NotPossible("It is stuck.")
            row.resolved_at = START
            row.save()


class ItemList(Listing):
    name = "tests.items"
    title = "Items"
    noun = ("item", "items")
    url_name = "admin:index"
    right = SEE_BACK_OFFICE
    columns = (
        Column("title", "Title", sort="title", is_fixed=True),
        Column("kind", "Kind", sort=("kind", "title")),
        Column("subject", "Subject", sort="subject_id", value="subject_id", kind="number"),
        Column("raised", "Raised", sort="raised_at", value="raised_at", kind="moment"),
        Column("resolved", "Resolved", sort="resolved_at", value="resolved_at", kind="moment"),
        Column("detail", "Detail", is_default=False),
    )
    filterset = ItemFilter
    promoted = ("kind", "type")
    tokens = (
        choice_token("kind", [("late", "Late"), ("short", "Too short")], "kind"),
        text_token("detail", "detail__icontains"),
        number_token("subject", "subject_id"),
        day_token("raised", "raised_at"),
    )
    default_sort = "-raised"
    row_template = ROWS
    presets = (Preset("late", "Late ones", "kind=late", roles=(Role.WAREHOUSE,)),)
    bulk_actions = (Resolve(),)

    def queryset(self):
        return AttentionItem.objects.all()

    def match(self, word):
        return Q(title__icontains=word)

    def exact(self, text):
        return "/found/" if text == "exactly" else None


class Htmx:
    """A request of htmx for a part of the page."""

    history_restore_request = boosted = False


@pytest.fixture
def user(db):
    return make_user(Role.SALES)


def make_items(count, **more):
    return AttentionItem.objects.bulk_create(
        AttentionItem(
            **{
                "kind": "late" if number % 2 else "short",
                "subject_type": "order",
                "subject_id": number,
                "title": f"Item {number:03}",
                "raised_at": START + timedelta(hours=number // 3),
                "resolved_at": START if number % 4 == 0 else None,
                **more,
            }
        )
        for number in range(count)
    )


def listing(user, query="", **headers):
    request = RequestFactory().get(f"/?{query}", headers=headers)
    request.user = user
    request.htmx = None
    return ItemList(request)


def titles(user, query=""):
    return [row.title for row in listing(user, query).slice().rows]


@pytest.mark.parametrize("sort", ["title", "-raised", "raised", "resolved", "-resolved", "kind"])
def test_walking_forward_and_back_meets_every_row_once_in_order(user, sort):
    make_items(60)
    expected = [row.pk for row in listing(user, f"sort={sort}").ordered()]
    query, seen, places = f"sort={sort}&per=25", [], []
    for _ in range(3):
        found = listing(user, query).slice()
        seen += [row.pk for row in found.rows]
        places.append((found.first, found.last))
        before = found.previous
        query = f"sort={sort}&per=25&after={found.next}"
    assert seen == expected
    assert places == [(1, 25), (26, 50), (51, 60)]
    back = listing(user, f"sort={sort}&per=25&before={before}").slice()
    assert [row.pk for row in back.rows] == expected[25:50]
    first = listing(user, f"sort={sort}&per=25&before={back.previous}").slice()
    assert ([row.pk for row in first.rows], first.previous) == (expected[:25], None)


def test_a_page_stays_where_it_is_while_rows_come_in(user):
    make_items(60)
    first = listing(user, "per=25").slice()
    before = titles(user, f"per=25&after={first.next}")
    AttentionItem.objects.create(
        kind="late", subject_type="x", subject_id=1, title="New", raised_at=timezone.now()
    )
    assert titles(user, f"per=25&after={first.next}") == before


def test_the_number_of_queries_does_not_grow_with_the_rows(user):
    def queries():
        asked = listing(user)
        asked.request.htmx = Htmx()
        with CaptureQueriesContext(connection) as captured:
            assert asked.respond().status_code == 200
        return len(captured)

    make_items(1)
    one = queries()
    AttentionItem.objects.all().delete()
    make_items(30)
    assert (one, queries()) == (3, 3)


def test_the_count_goes_no_further_than_its_cap(user, monkeypatch):
    make_items(60)
    monkeypatch.setattr("core.listing.paging.CAP", 50)
    monkeypatch.setattr("core.listing.paging.capped_count.__defaults__", (50,))
    monkeypatch.setattr("core.listing.paging.count_text.__defaults__", (50,))
    assert ListPage(listing(user, "per=25")).total_text == "50+"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=kind:late", 10),
        ("q=-kind:late", 10),
        ("q=kind:late,short", 20),
        ("q=kind:too-short", 10),
        ("q=subject>=18", 2),
        ("q=subject:3", 1),
        ('q="item 003"', 1),
        ("q=item -003", 19),
        ("q=raised:2026-11-01", 20),
        ("q=raised:<2026-11-01", 0),
        ("q=raised:>2026-10", 20),
        ("q=raised:>=2026-12", 0),
        ("kind=late", 10),
        ("kind=late&kind=short", 20),
        ("done=yes", 5),
        ("done=no", 15),
        ("raised_from=2026-11-01&raised_to=2026-11-01", 20),
        ("raised_to=2026-10-31", 0),
        ("subject_min=5&subject_max=7", 3),
        ("type=order&kind=late&q=item", 10),
    ],
)
def test_search_words_and_filters_narrow_the_list(user, query, count):
    make_items(20)
    narrowed = listing(user, query)
    assert (len(narrowed.slice().rows), narrowed.hints) == (count, [])


@pytest.mark.parametrize(
    "query",
    [
        "q=nonsense:x",
        "q=kind:purple",
        "q=raised:2026-13-45",
        "q=raised:soon",
        "q=raised:9999999d9",
        "q=subject>many",
        "q=subject>1e999",
        'q="open',
        "q=kind:",
        "q=detail>3",
        "kind=purple",
        "type=%00",
        "raised=someday",
        "raised_from=yesterday",
        "raised_from=0001-01-01",
        "raised_from=2026-12-01&raised_to=2026-11-01",
        "subject_min=1e400",
        "subject_min=%E2%98%83",
        "text=%00",
        "sort=nothing",
        "sort=-detail",
        "after=garbage",
        "before=WyJ4Il0:abc:def",
    ],
)
def test_garbage_in_the_url_is_a_hint_and_never_an_error(user, query):
    make_items(3)
    response = listing(user, query).respond()
    assert response.status_code == 200
    assert "was not understood" in response.content.decode()


@pytest.mark.parametrize("query", ["q=%00%01", "per=7", "per=٣", "view=v999", "cols=x,y", "what=1"])
def test_what_means_nothing_does_no_harm(user, query):
    make_items(3)
    assert len(listing(user, query).slice().rows) == 3


def test_the_rest_of_a_search_counts_when_a_word_means_nothing(user):
    make_items(5)
    assert titles(user, "q=foo:bar 003") == ["Item 003"]


def test_terms_are_taken_apart():
    terms, hints = split_terms('a -b status:held total>=10 placed:>2026 sku:"A 1" -"x y"')
    assert hints == []
    assert [(t.text, t.name, t.operator, t.is_excluded) for t in terms] == [
        ("a", "", "=", False),
        ("b", "", "=", True),
        ("held", "status", "=", False),
        ("10", "total", ">=", False),
        ("2026", "placed", ">", False),
        ("A 1", "sku", "=", False),
        ("x y", "", "=", True),
    ]


def test_a_day_begins_at_midnight_of_the_store(user, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    with timezone.override("Europe/Berlin"):
        # 23:59 and 00:00 in Berlin, on the day when the clocks go back and the day has 25 hours
        make_items(1, title="in", raised_at=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
        make_items(
            1, title="out", subject_id=2, raised_at=datetime(2026, 10, 25, 23, 0, tzinfo=UTC)
        )
        assert titles(user, "raised_from=2026-10-25&raised_to=2026-10-25") == ["in"]
        assert titles(user, "q=raised:2026-10-25") == ["in"]


def test_the_state_in_links_is_normal_and_knows_no_strangers(user):
    was = listing(user, "what=1&kind=late&q=%20item%20&sort=-raised&after=x&per=100&type=")
    assert was.query_string() == "q=item&kind=late&per=100"
    assert was.query_string(kind=None, sort="title") == "q=item&per=100&sort=title"


def test_each_filter_has_a_chip_that_takes_it_away(user):
    make_items(3)
    page = ListPage(listing(user, "kind=late&kind=short&raised=last-7-days&done=no"))
    assert [(chip.label, chip.text) for chip in page.chips] == [
        ("Kind", "Late"),
        ("Kind", "Short"),
        ("Done", "No"),
        ("Raised", "Last 7 days"),
    ]
    assert QueryDict(page.chips[0].url.split("?")[1]).getlist("kind") == ["short"]
    assert "raised" not in page.chips[3].url


def test_htmx_gets_the_part_and_the_back_button_gets_the_page(client, user):
    make_items(3)
    request = RequestFactory().get("/?kind=late&type=")
    request.user = user

    request.htmx = Htmx()
    part = ItemList(request).respond()
    assert part.content.decode().strip().startswith('<div id="results"')
    assert part["HX-Push-Url"].endswith("?kind=late")
    assert "HX-History-Restore-Request" in part["Vary"]
    assert part["HX-Trigger"] == '{"announce": "1 item"}'
    request.htmx.history_restore_request = True
    assert "<html" in ItemList(request).respond().content.decode()


def test_a_live_list_says_how_many_rows_came_in_since(user, monkeypatch):
    monkeypatch.setattr(ItemList, "is_live", True)
    make_items(3)
    url = ListPage(listing(user, "kind=late")).newer_url
    later = START + timedelta(days=1)
    make_items(4, kind="late", subject_type="new", raised_at=later)
    make_items(4, kind="short", subject_type="new", raised_at=later)
    asked = listing(user, url.split("?")[1])
    asked.request.htmx = Htmx()
    answer = asked.respond()
    assert "4 new items · Show" in answer.content.decode()
    assert "HX-Push-Url" not in answer


def test_exactly_one_thing_named_is_jumped_to(user):
    assert listing(user, "q=exactly&go=1")._cursor("after") is None
    assert listing(user, "q=exactly&go=1").respond()["Location"] == "/found/"
    assert listing(user, "q=exactly").respond().status_code == 200


def test_the_view_of_the_role_opens_by_itself_and_all_is_one_step_away(db):
    packer = make_user(Role.WAREHOUSE)
    assert listing(packer).respond()["Location"].endswith("?kind=late&view=late")
    assert listing(packer, "view=all").respond().status_code == 200


def test_the_reader_s_columns_stand_in_the_reader_s_order(user):
    make_items(1)
    ListPreference.objects.create(user=user, listing="tests.items", columns=["raised", "kind"])
    page = ListPage(listing(user))
    assert [column.code for column in page.columns] == ["title", "raised", "kind"]
    asked = ListPage(listing(user, "cols=kind,nonsense"))
    assert [column.code for column in asked.columns] == ["title", "kind"]
    row = listing(user).respond().content.decode()
    assert row.index('data-label="Raised"') < row.index('data-label="Kind"')


# --- saved views -----------------------------------------------------------------------------


@pytest.fixture
def as_user(client, user):
    client.force_login(user)
    return client


def words(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_view_is_saved_found_again_and_marked_when_changed(as_user, user):
    form = {"do": "save_as", "name": "Mine", "query": "kind=late&what=1", "cols": "title,raised"}
    answer = as_user.post("/lists/tests.items/views", form)
    view = SavedView.objects.get()
    assert answer["Location"].endswith(f"?kind=late&view=v{view.pk}")
    assert (view.query, view.columns, view.owner) == ("kind=late", ["title", "raised"], user)
    page = ListPage(listing(user, f"kind=late&view=v{view.pk}"))
    assert ([c.code for c in page.columns], page.is_modified) == (["title", "raised"], False)
    assert ListPage(listing(user, f"kind=late&q=x&view=v{view.pk}")).is_modified
    assert ListPage(listing(user, f"kind=late&view=v{view.pk}&cols=title")).is_modified


def test_only_managers_share_views_and_everybody_sees_them(as_user, client, user, manager):
    form = {"do": "save_as", "name": "Ours", "is_shared": "on", "query": ""}
    assert words(as_user.post("/lists/tests.items/views", form)) == [
        "Only a manager may share a view."
    ]
    client.force_login(manager)
    client.post("/lists/tests.items/views", form)
    assert [view.label for view in listing(user).kept.views] == ["All items", "Late ones", "Ours"]


def test_nobody_changes_another_s_view(as_user, manager):
    view = SavedView.objects.create(listing="tests.items", owner=manager, name="Theirs")
    as_user.post("/lists/tests.items/views", {"do": "delete", "view": view.pk})
    assert SavedView.objects.get() == view


def test_a_view_can_be_renamed_opened_with_and_deleted(as_user, user):
    view = SavedView.objects.create(
        listing="tests.items", owner=user, name="Old", query="kind=late"
    )
    post = {"view": view.pk, "query": f"view=v{view.pk}"}
    as_user.post("/lists/tests.items/views", {**post, "do": "rename", "name": "New"})
    as_user.post("/lists/tests.items/views", {**post, "do": "open_with", "key": f"v{view.pk}"})
    assert listing(user).respond()["Location"].endswith(f"?kind=late&view=v{view.pk}")
    as_user.post("/lists/tests.items/views", {**post, "do": "delete"})
    assert (SavedView.objects.count(), listing(user).respond().status_code) == (0, 200)


def test_two_views_of_one_name_are_refused(as_user, user):
    SavedView.objects.create(listing="tests.items", owner=user, name="Mine")
    answer = as_user.post("/lists/tests.items/views", {"do": "save_as", "name": " Mine "})
    assert words(answer) == ["There is already a view called “Mine”."]


def test_columns_are_kept_per_user_and_reset(as_user, user):
    form = {
        "column": ["kind", "raised"],
        "place_kind": "3",
        "place_raised": "1",
        "query": "kind=late",
    }
    answer = as_user.post("/lists/tests.items/columns", form)
    assert ListPreference.objects.get().columns == ["title", "raised", "kind"]
    assert answer["Location"].endswith("?kind=late")
    as_user.post("/lists/tests.items/columns", {"reset": "1"})
    assert ListPreference.objects.get().columns == []


# --- bulk actions ----------------------------------------------------------------------------


def run(answer):
    jobs.run_due()
    number = int(answer["Location"].rstrip("/").rsplit("/", 1)[1])
    return jobs.Job.objects.get(pk=number)


def test_a_bulk_action_says_first_what_it_leaves_alone_and_then_reports_every_row(as_user):
    done, good, stuck = make_items(3)[0], *make_items(2, kind="x", resolved_at=None)
    AttentionItem.objects.filter(pk=stuck.pk).update(title="stuck")
    chosen = {"action": "resolve", "selected": [done.pk, good.pk, stuck.pk]}
    preview = as_user.post("/lists/tests.items/bulk", chosen)
    assert "It is resolved already." in preview.content.decode()
    assert not jobs.Job.objects.exists()
    confirm = {
        "ids": preview.context["ids"],
        "expected": "3",
        "_once": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    }
    job = run(as_user.post("/lists/tests.items/bulk/resolve", confirm))
    assert [(row.key, row.is_ok, row.message) for row in job.results.order_by("pk")] == [
        (str(done.pk), False, "It is resolved already."),
        (str(good.pk), True, ""),
        (str(stuck.pk), False, "It is stuck."),
    ]
    assert job.summary == "1 of 3 done."
    again = as_user.post("/lists/tests.items/bulk/resolve", confirm)
    assert (jobs.Job.objects.count(), again.status_code) == (1, 302)


def test_all_matching_means_the_filter_of_the_list_and_the_count_is_checked_again(as_user):
    make_items(20, resolved_at=None)
    selection = sign_selection("tests.items", "kind=late")
    chosen = {"action": "resolve", "scope": "matching", "filter": selection, "expected": "10"}
    preview = as_user.post("/lists/tests.items/bulk", chosen)
    assert (preview.context["count"], preview.context["is_changed"]) == (10, False)
    token = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    confirm = {"filter": selection, "expected": "10", "_once": token}
    AttentionItem.objects.filter(title="Item 001").delete()
    assert as_user.post("/lists/tests.items/bulk/resolve", confirm).status_code == 409
    job = run(as_user.post("/lists/tests.items/bulk/resolve", {**confirm, "expected": "9"}))
    assert job.summary == "9 of 9 done."
    assert not AttentionItem.objects.filter(kind="short", resolved_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("query", "is_offered"), [("per=25", True), ("per=25&sort=nothing", False)]
)
def test_all_matching_is_not_offered_where_part_of_the_search_was_left_out(user, query, is_offered):
    make_items(30)
    shown = listing(user, query).respond().content.decode()
    assert ("data-select-matching" in shown) is is_offered


def test_a_forged_selection_selects_nothing(as_user):
    make_items(2)
    chosen = {"action": "resolve", "scope": "matching", "filter": "kind=late", "expected": "1"}
    answer = as_user.post("/lists/tests.items/bulk", chosen)
    assert words(answer) == ["Select at least one row first."]


# --- exports ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49 30 1234",
        "-5",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\x00=x",
        "\uff1d1",
        "  =1",
        "'=1",
        "''-x",
        "plain",
        "'quoted'",
        "",
        "a=b",
        "\u200b=1",
        "\n=1",
    ],
)
def test_no_cell_is_a_formula_and_the_text_comes_back(text):
    cell = escape(text)
    assert cell[:1] not in tuple("=+-@\t\r\x00\uff1d")
    assert not cell.strip("\u200b \n\t").startswith(("=", "+", "-", "@"))
    assert unescape(cell) == text


def test_the_csv_holds_the_filtered_rows_and_the_columns_on_show(user):
    make_items(4)
    AttentionItem.objects.filter(title="Item 001").update(title="=HYPERLINK(1)")
    asked = listing(user, "kind=late&cols=title,subject,raised&sort=title")
    lines = "".join(csv_lines(asked, has_bom=True))
    assert lines.startswith("\ufeffTitle,Subject,Raised\r\n")
    rows = list(csv.reader(io.StringIO(lines.removeprefix("\ufeff"))))
    assert rows[1] == ["'=HYPERLINK(1)", "1", "2026-11-01T13:00:00+01:00"]
    assert rows[2][0] == "Item 003"


def test_the_xlsx_types_text_as_text_and_numbers_as_numbers(user):
    make_items(1, title="=1+1\x01")
    target = io.BytesIO()
    write_xlsx(listing(user, "cols=title,subject"), target)
    sheet = load_workbook(target).active
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("=1+1", "s"), (0, "n")]


def test_an_export_names_its_view_and_day_and_streams(as_user):
    make_items(3)
    answer = as_user.get("/lists/tests.items/export?format=csv&kind=late&view=late")
    today = timezone.localdate().isoformat()
    assert answer["Content-Disposition"] == f'attachment; filename="items_late-ones_{today}.csv"'
    assert b"".join(answer.streaming_content).count(b"\r\n") == 2


def test_a_large_export_is_a_job_with_a_file(as_user, monkeypatch):
    monkeypatch.setattr("core.listing.exporting.AT_ONCE", 2)
    make_items(5)
    job = run(as_user.get("/lists/tests.items/export?format=xlsx"))
    assert job.file.name.endswith(".xlsx")
    assert load_workbook(io.BytesIO(bytes(job.file.content))).active.max_row == 6


def test_a_list_is_closed_to_who_lacks_its_right(client, as_user, monkeypatch):
    from inventory.rights import EDIT_CATALOGUE

    monkeypatch.setattr(ItemList, "right", EDIT_CATALOGUE)
    assert as_user.get("/lists/tests.items/export").status_code == 403
    assert as_user.get("/lists/no.such/export").status_code == 404


def test_a_filter_cannot_take_a_name_of_the_address():
    with pytest.raises(ValueError, match="sort"):
        type("Bad", (ListFilter,), {"sort": Flag(label="Sort")})


def test_a_path_through_nothing_is_nothing():
    assert follow({"a": None}, "a.b") is None
