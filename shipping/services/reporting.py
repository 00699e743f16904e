"""Tracking events out of a file's words: which parcel is meant, what happened, and when."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from shipping.errors import BadTracking
from shipping.models import Parcel
from shipping.selectors.shipments import parcel_by_tracking
from shipping.services.tracking import Report
from shipping.states import TrackingStatus

COLUMNS = ("tracking_number", "status", "occurred_at", "text", "place", "event_id")


def read_report(words: Mapping[str, str]) -> Report:
    """One event by the words of COLUMNS. Raises BadTracking, naming the column."""
    return Report(
        read_status(words.get("status", "")),
        read_moment(words.get("occurred_at", "")),
        words.get("text", "").strip(),
        words.get("place", "").strip(),
        words.get("event_id", "").strip(),
    )


def read_status(word: str) -> TrackingStatus:
    """A status by its code or its words: “out_for_delivery”, “Out for delivery”."""
    asked = "_".join(word.replace("-", " ").replace("_", " ").split()).casefold()
    for status in TrackingStatus.reportable():
        if asked in {status.value, "_".join(status.label.split()).casefold()}:
            return status
    known = ", ".join(TrackingStatus.reportable())
    raise BadTracking(f"“{word}” is no status; use one of {known}.", field="status")


def read_moment(word: str) -> datetime:
    """A moment in ISO 8601; without an offset it is in the shop's zone, a bare day is its start."""
    try:
        text = word.strip()
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone follows below
    if moment is None:
        raise BadTracking(
            f"“{word}” is no moment; write it as 2026-11-20T10:30 or 2026-11-20T10:30+01:00.",
            field="occurred_at",
        )
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def parcel_meant(number: str, at: datetime) -> Parcel:
    """The parcel that a tracking number meant at a moment: carriers use numbers again, so it is the
    last one dispatched by then. Raises BadTracking.
    """
    found = parcel_by_tracking(number)
    if not found:
        raise BadTracking(
            f"No parcel on the road carries “{number.strip()}”; check the number.",
            field="tracking_number",
        )
    by_then = [
        parcel
        for parcel in found
        if parcel.shipment.dispatched_at and parcel.shipment.dispatched_at <= at
    ]
    return max(by_then or found[-1:], key=lambda parcel: parcel.pk)
