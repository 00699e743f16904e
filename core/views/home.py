"""Home: what needs attention now, by kind, with whose it is and what to do about it."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import attention, sockets
from core.access import requires, safe_path, staff_of
from core.models import AttentionItem
from core.rights import SEE_BACK_OFFICE
from core.sent import whole_number, whole_numbers

EACH = 5
PAGE = 50

SNOOZES = {
    "hour": "In an hour",
    "tomorrow": "Tomorrow, 8:00",
    "week": "In a week",
}


@requires(SEE_BACK_OFFICE)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The queue: every kind with its oldest items, or one kind whole (`?kind=`), or only mine."""
    now = timezone.now()
    is_mine = request.GET.get("mine") == "1"
    kinds = {kind.code: kind for kind in attention.kinds_for(request.user)}
    chosen = kinds.get(request.GET.get("kind", ""))
    context: dict[str, Any] = {"chosen": chosen, "is_mine": is_mine, "snoozes": SNOOZES}
    if chosen:
        context |= _one_kind(request, chosen, now=now, is_mine=is_mine)
    else:
        context["groups"] = _groups(request.user, now=now, is_mine=is_mine)
    if not (context.get("groups") or context.get("items")):
        context["on_track"] = sockets.ALL_CLEAR.ask(request.user)
    return render(request, "core/home.html", context)


def _groups(user: Any, *, now: datetime, is_mine: bool) -> list[dict[str, Any]]:
    groups = attention.open_groups(user, now=now, is_mine=is_mine)
    items = attention.first_of_groups(user, now=now, each=EACH, is_mine=is_mine) if groups else {}
    return [
        {
            **group,
            "items": items.get(group["kind"].code, []),
            "more": max(0, group["count"] - EACH),
            "url": _address(kind=group["kind"].code, mine="1" if is_mine else ""),
        }
        for group in groups
    ]


def _one_kind(
    request: HttpRequest, kind: attention.AttentionKind, *, now: datetime, is_mine: bool
) -> dict[str, Any]:
    """One kind's items by keyset: `?after=` is the last item of the page before."""
    items = attention.open_items(request.user, now=now).filter(kind=kind.code)
    if is_mine:
        items = items.filter(owner=staff_of(request))
    after = whole_number(request.GET.get("after", ""))
    last = AttentionItem.objects.filter(pk=after).first() if after else None
    if last:
        items = attention.after(items, last)
    found = list(items[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    return {
        "items": found[:PAGE],
        "next_url": _address(kind=kind.code, mine="1" if is_mine else "", after=older or ""),
        "has_next": older is not None,
    }


def _address(**query: Any) -> str:
    return f"{reverse('home')}?{urlencode({key: value for key, value in query.items() if value})}"


@requires(SEE_BACK_OFFICE)
@require_POST
def attention_act(request: HttpRequest) -> HttpResponse:
    """Claim, let go or snooze the chosen items, one or many."""
    now = timezone.now()
    action, ids = _sent(request)
    done = _act(request.user, action, ids, request.GET.get("until", ""), now=now)
    if not ids:
        messages.warning(request, "Nothing was chosen.")
    elif done is None:
        messages.error(request, "That action is not known; reload the page.")
    else:
        messages.success(request, f"{done} {'item' if done == 1 else 'items'} {DONE[action]}.")
    return redirect(safe_path(request, request.headers.get("Referer", "")))


def _sent(request: HttpRequest) -> tuple[str, list[int]]:
    """The action and the items it is for: a row's own button names one, the menu all chosen ones."""
    for action in ("claim", "let_go"):
        if row := whole_number(request.POST.get(action, "")):
            return action, [row]
    return request.POST.get("action", ""), whole_numbers(request.POST.getlist("selected"))


DONE = {"claim": "claimed", "let_go": "let go", "snooze": "snoozed"}


def _act(user: Any, action: str, ids: list[int], until: str, *, now: datetime) -> int | None:
    if action == "claim":
        return attention.claim(user, ids, now=now)
    if action == "let_go":
        return attention.let_go(user, ids, now=now)
    if action == "snooze":
        return attention.snooze(user, ids, until=_until(until, now), now=now)
    return None


def _until(word: str, now: datetime) -> datetime:
    if word == "hour":
        return now + timedelta(hours=1)
    local = timezone.localtime(now)
    days = 7 if word == "week" else 1
    morning = datetime.combine(local.date() + timedelta(days=days), time(8))
    return timezone.make_aware(morning)
