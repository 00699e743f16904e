"""Small charts as inline SVG: printable, themable, readable as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Number = int | float | Decimal
WIDTH, HEIGHT, EDGE = 120.0, 32.0, 2.0
BAR = 24


def sparkline(values: Sequence[Number], label: str) -> SafeString:
    """A line through the values; `label` says what they are, the last and the highest are said too."""
    if not values:
        return SafeString("")
    numbers = [float(value) for value in values]
    low, high = min(0.0, *numbers), max(*numbers, 1.0)
    step = (WIDTH - 2 * EDGE) / max(len(numbers) - 1, 1)
    points = [
        (EDGE + i * step, HEIGHT - EDGE - (n - low) / (high - low) * (HEIGHT - 2 * EDGE))
        for i, n in enumerate(numbers)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    floor = f"{points[0][0]:.1f},{HEIGHT:.0f} {line} {points[-1][0]:.1f},{HEIGHT:.0f}"
    said = _("%(label)s: now %(last)s, highest %(high)s") % {
        "label": label,
        "last": values[-1],
        "high": max(values),
    }
    return format_html(
        '<svg class="spark" viewBox="0 0 120 32" role="img" aria-label="{}" '
        'preserveAspectRatio="none"><polygon class="spark__area" points="{}"/>'
        '<polyline class="spark__line" points="{}"/></svg>',
        said,
        floor,
        line,
    )


@dataclass(frozen=True)
class Bar:
    """One bar; `shown` is its value as people read it."""

    label: str
    value: Number
    shown: str


def bar_chart(rows: Sequence[Sequence[Any]], title: str) -> SafeString:
    """Horizontal bars beside their labels and values: a real table, so nothing is drawn only.

    A row is (label, value) or (label, value, value as people read it).
    """
    bars = [Bar(str(row[0]), row[1], str(row[-1])) for row in rows]
    most = max([float(bar.value) for bar in bars] + [1.0])
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="bars__cell"><svg class="bars__bar" aria-hidden="true" '
        'viewBox="0 0 100 8" preserveAspectRatio="none"><rect width="{}" height="8"/></svg></td>'
        '<td class="num">{}</td></tr>',
        ((bar.label, f"{max(float(bar.value), 0.0) / most * 100:.1f}", bar.shown) for bar in bars),
    )
    return format_html(
        '<table class="bars"><caption class="sr-only">{}</caption><tbody>{}</tbody></table>',
        title,
        body,
    )


def column_chart(
    past: Sequence[tuple[str, Number]], title: str, ahead: Sequence[tuple[str, Number]] = ()
) -> SafeString:
    """Upright columns over time; the figures stand in a table below, opened on demand. What lies
    `ahead` is drawn lighter.
    """
    rows = [*past, *ahead]
    most = max([float(row[1]) for row in rows] + [1.0])
    heights = [float(row[1]) / most * 96 for row in rows]
    columns = format_html_join(
        "",
        '<rect class="columns__bar{}" x="{}" y="{}" width="{}" height="{}" rx="1.5">'
        "<title>{}: {}</title></rect>",
        (
            (
                " columns__bar--ahead" if i >= len(past) else "",
                i * BAR + 3,
                f"{100 - high:.1f}",
                BAR - 6,
                f"{high:.1f}",
                row[0],
                row[1],
            )
            for i, (row, high) in enumerate(zip(rows, heights, strict=True))
        ),
    )
    table = format_html_join(
        "", '<tr><th scope="row">{}</th><td class="num">{}</td></tr>', ((r[0], r[1]) for r in rows)
    )
    return format_html(
        '<figure class="columns"><svg viewBox="0 0 {} 100" role="img" aria-label="{}" '
        'preserveAspectRatio="none">{}</svg><figcaption class="columns__ends"><span>{}</span>'
        '<span>{}</span></figcaption><details class="disclosure"><summary>{}</summary>'
        '<table class="table table--compact table--plain"><caption class="sr-only">{}</caption>'
        "<tbody>{}</tbody></table></details></figure>",
        max(len(rows), 1) * BAR,
        title,
        columns,
        rows[0][0] if rows else "",
        rows[-1][0] if rows else "",
        _("Show table"),
        title,
        table,
    )
