"""Sockets and panels: a page below names a place, an app above plugs its part into it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.rights import Right

Context = dict[str, Any]


@dataclass(frozen=True)
class Socket:
    """A named place in a page; each app names its own in sockets.py."""

    name: str


@dataclass(frozen=True)
class Panel:
    """What one app shows there. `context` gets the request and the page's object and returns the
    template's variables, or None to show nothing; it reads only what it needs, in a constant number
    of queries. One with a `url_name` comes late: the page shows its `title` and fetches the rest from
    there, with the object's id (`late_panel` answers).
    """

    template: str
    context: Callable[[HttpRequest, Any], Context | None]
    position: int
    right: Right | None
    url_name: str = ""
    title: str = ""


_plugged: dict[str, list[Panel]] = defaultdict(list)


def plug(
    socket: Socket,
    *,
    template: str,
    context: Callable[[HttpRequest, Any], Context | None],
    position: int = 50,
    right: Right | None = None,
    url_name: str = "",
    title: str = "",
) -> None:
    """Show a panel in a socket, for those who hold the right (None: for all who see the page). What
    costs several queries and is not what people look at first comes late, by `url_name`.
    """
    _plugged[socket.name].append(Panel(template, context, position, right, url_name, title))
    _plugged[socket.name].sort(key=lambda panel: panel.position)


def panels_of(name: str, request: HttpRequest) -> list[Panel]:
    """The panels that this request's user may see in the socket."""
    return [
        panel
        for panel in _plugged.get(name, ())
        if panel.right is None
        or (request.user.is_authenticated and request.user.has_right(panel.right))
    ]


def render_panel(panel: Panel, request: HttpRequest, subject: Any) -> SafeString:
    """The panel as it stands in the page; empty when it has nothing to show."""
    found = panel.context(request, subject)
    if found is None:
        return SafeString("")
    return render_to_string(panel.template, found, request=request)


def late_panel(socket: Socket, url_name: str, request: HttpRequest, subject: Any) -> HttpResponse:
    """The answer to a page that fetches its late panel; Http404 when it is not the user's to see.
    Whether the subject is, was looked at before.
    """
    mine = [one for one in panels_of(socket.name, request) if one.url_name == url_name]
    if not mine:
        raise Http404("No such part of the page, or it is not yours to see.")
    return HttpResponse(render_panel(mine[0], request, subject))


class Registry:
    """A list of things that apps above plug into an app below, such as previews and refusals."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: list[Callable[..., Any]] = []

    def plug(self, entry: Callable[..., Any]) -> Callable[..., Any]:
        """Add a function; usable as a decorator."""
        self._entries.append(entry)
        return entry

    def ask(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Call every function and return what they answered, Nones left out."""
        return [answer for entry in self._entries if (answer := entry(*args, **kwargs)) is not None]
