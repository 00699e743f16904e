"""Spans of days as people filter by them: relative names and half-open bounds in the store's zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, TextChoices
from django.utils import timezone

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
DAY = timedelta(days=1)


class Span(TextChoices):
    TODAY = "today", "Today"
    YESTERDAY = "yesterday", "Yesterday"
    WEEK = "last-7-days", "Last 7 days"
    MONTH = "last-30-days", "Last 30 days"
    QUARTER = "last-90-days", "Last 90 days"
    THIS_WEEK = "this-week", "This week"
    THIS_MONTH = "this-month", "This month"
    LAST_MONTH = "last-month", "Last month"
    THIS_YEAR = "this-year", "This year"


@dataclass(frozen=True)
class Days:
    """Days from `first` to `last`, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def within(self, field: str, *, is_date: bool = False) -> Q:
        """The condition that a column lies in these days. Moments are bounded half-open by the
        midnights of the store's zone, so days of 23 and 25 hours count right.
        """
        found = Q()
        if self.first:
            found &= Q(**{f"{field}__gte": self.first if is_date else midnight(self.first)})
        if self.last:
            end = self.last + DAY
            found &= Q(**{f"{field}__lt": end if is_date else midnight(end)})
        return found


def midnight(day: date) -> datetime:
    """When the day begins in the store's zone."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def days_of(span: str, *, today: date) -> Days:
    """The days that a relative span means today."""
    back = {Span.TODAY: 0, Span.WEEK: 6, Span.MONTH: 29, Span.QUARTER: 89}
    named = Span(span)
    if named in back:
        return Days(today - timedelta(days=back[named]), today)
    if named == Span.YESTERDAY:
        return Days(today - DAY, today - DAY)
    if named == Span.LAST_MONTH:
        last = today.replace(day=1) - DAY
        return Days(last.replace(day=1), last)
    begins = {
        Span.THIS_WEEK: today - timedelta(days=today.weekday()),
        Span.THIS_MONTH: today.replace(day=1),
        Span.THIS_YEAR: today.replace(month=1, day=1),
    }
    return Days(begins[named], today)


def parse_days(text: str, *, today: date) -> Days:
    """The days meant by “2026-11-01”, “2026-11”, “2026”, “today”, “last-7-days” or “7d”.

    Raises ValueError with a sentence.
    """
    word = text.strip().lower()
    if word in Span.values:
        return days_of(word, today=today)
    if back := re.fullmatch(r"(\d{1,4})d", word):
        return Days(today - timedelta(days=max(int(back[1]), 1) - 1), today)
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", word)
    if not found:
        raise ValueError(f"“{text}” is no day; write 2026-11-01, 2026-11, today or 7d.")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise ValueError(f"“{text}” is not in the calendar.") from error
    if not EARLIEST <= first <= LATEST:
        raise ValueError(f"“{text}” is too far away.")
    if day:
        return Days(first, first)
    if month:
        return Days(first, (first + timedelta(days=31)).replace(day=1) - DAY)
    return Days(first, date(first.year, 12, 31))
