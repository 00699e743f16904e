"""The tags every page uses: the frame's own facts, values as people read them, sockets and the menu."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import brand, markup, menu
from core.frame import Frame
from core.markup import charts
from core.money import quantise
from core.once import FIELD, new_token
from core.panels import Panel, panels_of, render_panel
from core.rights import Right

register = template.Library()

for tag in (
    markup.icon,
    markup.badge,
    markup.money,
    markup.amount,
    markup.when,
    markup.day,
    markup.age,
    markup.address,
    markup.avatar,
    markup.meter,
    charts.sparkline,
    charts.bar_chart,
    charts.column_chart,
):
    register.simple_tag(tag)
register.filter("amount", markup.amount)
register.filter("country", markup.country_name)


@register.simple_tag
def product() -> str:
    """The product's name."""
    return brand.PRODUCT


@register.simple_tag
def once() -> SafeString:
    """The hidden token of a form that moves money or stock (core.once)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())


@register.filter
def typed(value: Decimal | None, currency: str) -> str:
    """An amount as people type it: the currency's own decimals, and more only where it has more."""
    if value is None:
        return ""
    exact = quantise(value, currency)
    return f"{exact:f}" if exact == value else f"{value.normalize():f}"


@register.filter
def can(user: Any, right: Right | str) -> bool:
    """Whether the user holds a right, by its code."""
    return bool(user and user.is_authenticated and user.has_right(right))


@register.simple_tag(takes_context=True)
def socket(context: template.Context, name: str, subject: Any = None) -> SafeString:
    """Everything that apps above plugged into this place of the page."""
    request: HttpRequest = context["request"]
    return format_html_join(
        "",
        "{}",
        (
            (
                _placeholder(panel, subject)
                if panel.url_name
                else render_panel(panel, request, subject),
            )
            for panel in panels_of(name, request)
        ),
    )


def _placeholder(panel: Panel, subject: Any) -> SafeString:
    address = reverse(panel.url_name, args=[subject.pk])
    return render_to_string("core/panels/late.html", {"title": panel.title, "url": address})


@dataclass(frozen=True)
class MenuLine:
    """One link of the navigation, ready to be shown."""

    label: str
    url: str
    icon: str
    shortcut: str
    badge: int
    is_current: bool


@dataclass(frozen=True)
class MenuBlock:
    """A group of links under one heading."""

    label: str
    lines: tuple[MenuLine, ...]


@register.simple_tag(name="menu", takes_context=True)
def menu_blocks(context: template.Context) -> list[MenuBlock]:
    """The navigation of this user, in groups; the entry with the longest matching address is current."""
    request: HttpRequest = context["request"]
    frame: Frame = context["frame"]
    entries = frame.entries
    addresses = {entry: reverse(entry.url_name) for entry in entries}
    current = _current(addresses.values(), request.path)
    return [
        MenuBlock(
            str(menu.MenuGroup(group).label),
            tuple(
                MenuLine(
                    label=entry.label,
                    url=addresses[entry],
                    icon=entry.icon,
                    shortcut=entry.shortcut,
                    badge=frame.badges.get(entry.url_name, 0),
                    is_current=addresses[entry] == current,
                )
                for entry in block
            ),
        )
        for group, block in groupby(entries, key=lambda entry: entry.group)
    ]


def _current(addresses: Iterable[str], path: str) -> str:
    matching = [one for one in addresses if path == one or (one != "/" and path.startswith(one))]
    return max(matching, key=len, default="")


@dataclass(frozen=True)
class Chrome:
    """What the frame round every page must know."""

    product: str
    strapline: str
    theme: str
    density: str
    has_shortcuts: bool
    environment: str
    build: str
    request_id: str
    nonce: str
    urls: dict[str, str]
    themes: tuple[tuple[str, str], ...] = (("auto", "Auto"), ("light", "Light"), ("dark", "Dark"))
    densities: tuple[tuple[str, str], ...] = (
        ("compact", "Compact"),
        ("default", "Default"),
        ("comfortable", "Roomy"),
    )


@register.simple_tag(takes_context=True)
def chrome(context: template.Context) -> Chrome:
    """The frame's facts: preferences of the user, environment, request id, addresses that exist."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return Chrome(
        product=brand.PRODUCT,
        strapline=brand.STRAPLINE,
        theme=getattr(user, "theme", "auto"),
        density=getattr(user, "density", "default"),
        has_shortcuts=getattr(user, "has_shortcuts", True),
        environment=getattr(settings, "OMS_ENV", ""),
        build=getattr(settings, "OMS_BUILD", ""),
        request_id=str(getattr(request, "request_id", "") or ""),
        nonce=str(getattr(request, "csp_nonce", "") or ""),
        urls={name: _address(name) for name in FRAME_URLS},
    )


FRAME_URLS = ("home", "search", "palette", "preferences", "job_list", "account", "logout")


def _address(name: str) -> str:
    """The address of a page of the frame; empty while no app provides it."""
    for candidate in (name, f"core:{name}"):
        try:
            return reverse(candidate)
        except NoReverseMatch:
            continue
    return ""
