"""Numbers, amounts of money and moments as people read them, with the exact value underneath."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import NumberPattern, format_decimal, parse_pattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from core.money import exponent, quantise

NOTHING = SafeString('<span class="nothing">–</span>')
CODE_BEFORE_DIGIT = re.compile(r"([A-Z])(?=\d)")
MINUS = "\u2212"
DAY = timedelta(days=1)
MINUTES_AN_HOUR, HOURS_A_DAY = 60, 24


def locale() -> Locale:
    """The reader's locale."""
    return _locale(get_language() or "en-gb")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


@cache
def _pattern(language: str, currency: str) -> NumberPattern:
    """The locale's pattern for money, with the currency's own number of decimals."""
    pattern = parse_pattern(_locale(language).currency_formats["standard"].pattern)
    pattern.frac_prec = (exponent(currency), exponent(currency))
    return pattern


def money(
    value: Decimal | int | None, currency: str, explicit: bool = False, signed: bool = False
) -> SafeString:
    """An amount with its currency, minus before the symbol. `explicit` adds the code, for screens
    that mix currencies; `signed` adds a plus."""
    if value is None:
        return NOTHING
    exact = quantise(Decimal(value), currency)
    shown = money_text(exact, currency, explicit=explicit, signed=signed)
    return format_html('<data class="money" value="{}">{}</data>', exact, shown)


def money_text(
    value: Decimal | int, currency: str, *, explicit: bool = False, signed: bool = False
) -> str:
    """The same in plain text, for messages and sentences."""
    exact = quantise(Decimal(value), currency)
    pattern = _pattern(get_language() or "en-gb", currency)
    shown = pattern.apply(abs(exact), locale(), currency=currency, currency_digits=False)
    shown = CODE_BEFORE_DIGIT.sub("\\1\u00a0", shown)
    sign = MINUS if exact < 0 else "+" if signed and exact > 0 else ""
    is_plain = any(letter.isalpha() for letter in shown)  # US$ and CHF say it already
    suffix = f" {currency}" if explicit and not is_plain else ""
    return f"{sign}{shown}{suffix}"


def amount(value: Decimal | int | float | None, unit: str = "") -> SafeString:
    """A number in the locale's grouping, with a unit when given."""
    if value is None:
        return NOTHING
    shown = format_decimal(value, locale=locale()).replace("-", MINUS)
    return format_html('<span class="amount">{}{}</span>', shown, f"\u00a0{unit}" if unit else "")


def when(moment: datetime | None, style: str = "short") -> SafeString:
    """A moment in the current time zone; the full moment with its zone stands in the title.

    Styles: short (today 14:03), date, full, relative (3 h ago).
    """
    if moment is None:
        return NOTHING
    local = timezone.localtime(moment)
    zone = local.tzname() or ""
    full = f"{format_datetime(local, 'EEE d MMM yyyy HH:mm', locale=locale())} {zone}"
    if style == "full":
        shown = full
    elif style == "date":
        shown = format_date(local.date(), "d MMM yyyy", locale=locale())
    elif style == "relative":
        shown = _relative(moment)
    else:
        shown = _short(local)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        full,
        shown,
    )


def _short(local: datetime) -> str:
    today = timezone.localdate()
    clock = format_datetime(local, "HH:mm", locale=locale())
    if local.date() == today:
        return _("today %(clock)s") % {"clock": clock}
    if local.date() == today - DAY:
        return _("yesterday %(clock)s") % {"clock": clock}
    if local.date() == today + DAY:
        return _("tomorrow %(clock)s") % {"clock": clock}
    if local.year == today.year:
        return format_datetime(local, "d MMM, HH:mm", locale=locale())
    return format_date(local.date(), "d MMM yyyy", locale=locale())


def _relative(moment: datetime) -> str:
    gone = timezone.now() - moment
    if abs(gone) < timedelta(minutes=1):
        return _("just now")
    if gone < timedelta(0):
        return _("in %(span)s") % {"span": _span(-gone)}
    return _("%(span)s ago") % {"span": _span(gone)}


def _span(gone: timedelta) -> str:
    minutes = int(gone.total_seconds() // 60)
    hours = minutes // MINUTES_AN_HOUR
    if minutes < MINUTES_AN_HOUR:
        return _("%(count)d min") % {"count": minutes}
    if hours < HOURS_A_DAY:
        return _("%(count)d h") % {"count": hours}
    days = hours // HOURS_A_DAY
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def age(moment: datetime | None) -> SafeString:
    """How long ago, briefly: 5 min, 2 h, 3 days."""
    if moment is None:
        return NOTHING
    gone = max(timezone.now() - moment, timedelta(0))
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), _span(gone))


def day(on: date | None) -> SafeString:
    """A day, without a clock."""
    if on is None:
        return NOTHING
    shown = format_date(on, "d MMM yyyy", locale=locale())
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), shown)


def meter(done: int, total: int, label: str) -> SafeString:
    """A bar that says how much is done, in words as well."""
    words = _("%(done)s of %(total)s") % {
        "done": format_decimal(done, locale=locale()),
        "total": format_decimal(total, locale=locale()),
    }
    return format_html(
        '<span class="meter"><progress value="{}" max="{}" aria-label="{}">{}</progress>'
        '<span class="meter__text">{}</span></span>',
        done,
        max(total, 1),
        label,
        words,
        words,
    )
