"""Values are shown as people read them, with the exact value underneath."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django import forms
from django.db import models
from django.utils import timezone

from core.markup import BadgeSet, address, age, amount, avatar, badge, country_name, money, when
from core.markup.charts import bar_chart, column_chart, sparkline
from core.markup.people import address_lines
from core.markup.values import day, meter
from core.templatetags.ui import typed

NOW = datetime(2026, 11, 22, 13, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("12.5", "GBP", "£12.50"),
        ("1284.5", "EUR", "€1,284.50"),
        ("-12.35", "USD", "−US$12.35"),
        ("12800", "JPY", "JP¥12,800"),
        ("1.2345", "KWD", "KWD\u00a01.235"),
    ],
)
def test_money_has_its_currencys_decimals_and_the_minus_in_front(
    value: str, currency: str, shown: str
) -> None:
    assert f">{shown}</data>" in money(Decimal(value), currency)


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("13.9000", "EUR", "13.90"),
        ("0.1250", "EUR", "0.125"),
        ("1200.0000", "JPY", "1200"),
        ("5", "KWD", "5.000"),
    ],
)
def test_an_amount_to_be_typed_has_its_currencys_decimals_and_more_only_where_needed(
    value: str, currency: str, shown: str
) -> None:
    assert typed(Decimal(value), currency) == shown
    assert typed(None, currency) == ""


def test_money_keeps_the_exact_value_for_machines() -> None:
    assert money(Decimal("1284.5"), "EUR") == (
        '<data class="money" value="1284.50">€1,284.50</data>'
    )


def test_money_names_its_currency_when_asked_and_only_once() -> None:
    assert ">€5.00 EUR<" in money(Decimal(5), "EUR", explicit=True)
    assert money(Decimal(5), "KWD", explicit=True).count("KWD") == 1


def test_nothing_is_shown_as_a_dash() -> None:
    shown = {money(None, "EUR"), amount(None), when(None), age(None), day(None), address(None)}
    assert shown == {'<span class="nothing">–</span>'}


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 22, 13, 0, tzinfo=UTC), "today 14:00"),
        (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), "yesterday 23:59"),
        (datetime(2026, 11, 21, 23, 1, tzinfo=UTC), "today 00:01"),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "tomorrow 09:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 Oct, 02:30"),
        (datetime(2025, 3, 1, 8, 0, tzinfo=UTC), "1 Mar 2025"),
    ],
)
def test_moments_are_told_in_the_stores_time_zone(moment: datetime, shown: str) -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Berlin"):
        assert f">{shown}</time>" in when(moment)


def test_the_full_moment_and_its_zone_stand_in_the_title() -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Berlin"):
        assert 'title="Sun 22 Nov 2026 14:03 CET"' in when(NOW)


def test_ages_are_brief() -> None:
    with time_machine.travel(NOW, tick=False):
        ages = [age(NOW.replace(minute=0)), age(NOW.replace(hour=9)), age(NOW.replace(day=19))]
    assert [one.split(">")[1].split("<")[0] for one in ages] == ["3 min", "4 h", "3 days"]


def test_a_day_has_no_clock() -> None:
    assert day(date(2026, 11, 2)) == '<time datetime="2026-11-02">2 Nov 2026</time>'


def test_addresses_follow_their_countrys_order() -> None:
    place = {"name": "A", "line1": "1 St", "city": "Town", "region": "R", "postal_code": "9"}
    assert [address_lines(place | {"country": code}) for code in ("GB", "US", "DE")] == [
        ["A", "1 St", "Town", "R", "9", "United Kingdom"],
        ["A", "1 St", "Town, R 9", "United States"],
        ["A", "1 St", "9 Town", "Germany"],
    ]


def test_what_people_wrote_is_escaped_everywhere() -> None:
    nasty = "<b>x"
    shown = [
        badge(nasty),
        address({"name": nasty}),
        avatar(nasty),
        bar_chart([(nasty, 1)], nasty),
        column_chart([(nasty, 1)], nasty),
        sparkline([1], nasty),
        meter(1, 2, nasty),
    ]
    assert [one for one in shown if "<b>" in one] == []


def test_an_unknown_country_is_shown_as_it_is() -> None:
    assert [country_name("DE"), country_name("ZZZ"), country_name("")] == ["Germany", "ZZZ", ""]


def test_a_badge_set_must_cover_every_choice() -> None:
    class Mood(models.TextChoices):
        GOOD = "good", "Good"
        BAD = "bad", "Bad"

    with pytest.raises(ValueError, match="Mood has no badge for bad"):
        BadgeSet(Mood, {Mood.GOOD: ("success", "check")})
    whole = BadgeSet(Mood, {Mood.GOOD: ("success", "check"), Mood.BAD: ("danger", "alert")})
    assert "badge--danger" in whole.badge("bad")
    assert whole.badge("") == ""


def test_a_field_ties_its_hint_and_its_error_to_the_input() -> None:
    class Sample(forms.Form):
        size = forms.IntegerField(help_text="In centimetres.")

    shown = Sample({})["size"].as_field_group()
    assert 'aria-describedby="id_size_helptext id_size_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_size_error"' in shown
