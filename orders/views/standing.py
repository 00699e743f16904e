"""Standing orders as staff see them: listed, entered, paused, skipped, ended, tried again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires
from core.clock import day_in_words
from core.errors import DomainError, StaleEdit
from core.once import once
from orders.drafts import WhenShort
from orders.forms import LineFormSet
from orders.forms.business import StandingOrderForm
from orders.models import StandingOrder, StandingRun
from orders.rights import PLACE_ORDERS, SEE_QUOTES
from orders.services import (
    end_standing_order,
    pause_standing_order,
    place_refused_run,
    resume_standing_order,
    save_standing_order,
    skip_standing_order,
)
from orders.states import StandingState, StandingUnit
from orders.tables.business import StandingOrderList
from orders.views.entering import (
    Lines,
    Purpose,
    address_fields,
    changed,
    entry_page,
    filled,
    refuse_forgotten_rows,
    wish_of,
)
from orders.views.entry import defaults, draft_entered, refuse

BACK = ("orders:standing_list", "Standing orders")
RUNS_SHOWN = 30


@requires(SEE_QUOTES)
@require_GET
def standing_list(request: HttpRequest) -> HttpResponseBase:
    """Standing orders, as the address says."""
    return StandingOrderList(request).respond()


@requires(SEE_QUOTES)
@require_GET
def standing_detail(request: HttpRequest, standing_order_id: int) -> HttpResponse:
    """One standing order: what, how often, and what became of its days."""
    standing = get_object_or_404(
        StandingOrder.objects.select_related("channel", "customer", "company"),
        pk=standing_order_id,
    )
    context = {
        "standing": standing,
        "lines": standing.lines.all(),
        "runs": standing.runs.select_related("order")[:RUNS_SHOWN],
        "when_short": WhenShort(standing.when_short).label,
    }
    return render(request, "orders/standing_detail.html", context)


@requires(PLACE_ORDERS)
@require_http_methods(["GET", "POST"])
@once
def standing_create(request: HttpRequest) -> HttpResponse:
    """Enter a standing order; see orders.views.entry.order_create for the buttons."""
    purpose = Purpose(
        reverse("orders:standing_create"),
        "New standing order",
        "Save standing order",
        StandingOrderForm,
        BACK,
    )
    initial = defaults(request) | {
        "every": 1,
        "unit": StandingUnit.MONTHS,
        "first_on": timezone.localdate(),
    }
    return _entered(request, purpose, None, initial, [])


@requires(PLACE_ORDERS)
@require_http_methods(["GET", "POST"])
@once
def standing_edit(request: HttpRequest, standing_order_id: int) -> HttpResponse:
    """Change a standing order; what it placed already stays."""
    found = StandingOrder.objects.select_related("channel").exclude(state=StandingState.ENDED)
    standing = get_object_or_404(found, pk=standing_order_id)
    purpose = Purpose(
        reverse("orders:standing_edit", args=[standing.pk]),
        f"Edit {standing}",
        "Save standing order",
        StandingOrderForm,
        BACK,
    )
    rows = [
        {
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": "" if line.unit_price is None else f"{line.unit_price:f}",
            "reason": line.price_reason,
        }
        for line in standing.lines.all()
    ]
    return _entered(request, purpose, standing, _initial(standing), rows)


def _initial(standing: StandingOrder) -> dict[str, Any]:
    """What the form of a stored standing order starts with."""
    kept = (
        "channel", "customer_id", "email", "phone", "payment_terms", "purchase_order",
        "when_short", "note", "every", "unit", "first_on", "ends_on", "version",
    )  # fmt: skip
    return {
        **address_fields(standing.ship_to),
        **{name: getattr(standing, name) for name in kept},
        "name": standing.customer_name,
        "service": standing.shipping_service_id,
        "coupon": " ".join(standing.coupons),
    }


def _entered(
    request: HttpRequest,
    purpose: Purpose,
    standing: StandingOrder | None,
    initial: dict[str, Any],
    rows: list[dict[str, Any]],
) -> HttpResponse:
    if request.method != "POST":
        entry = StandingOrderForm(initial=initial)
        return entry_page(request, entry, LineFormSet(initial=rows, prefix="lines"), purpose)
    do = request.POST.get("do", "quote")
    if do != "place":
        return entry_page(request, *changed(request.POST.copy(), do, StandingOrderForm), purpose)
    entry = StandingOrderForm(request.POST)
    lines = LineFormSet(request.POST, prefix="lines")
    refuse_forgotten_rows(request, entry)
    status = 422
    if entry.is_valid() and lines.is_valid():
        try:
            saved = _save(request, entry, lines, standing)
        except StaleEdit as stale:
            entry.add_error(None, stale.message)
            status = 409
        except DomainError as refusal:
            refuse(entry, refusal)
        else:
            messages.success(
                request, f"{saved} is saved; it is placed next on {day_in_words(saved.next_on)}."
            )
            return redirect("orders:standing_detail", saved.pk)
    return entry_page(request, entry, lines, purpose, status=status)


def _save(
    request: HttpRequest, entry: StandingOrderForm, lines: Lines, standing: StandingOrder | None
) -> StandingOrder:
    now = timezone.now()
    with transaction.atomic():
        return save_standing_order(
            standing_order_id=standing.pk if standing else None,
            draft=draft_entered(request, entry, lines, now=now),
            prices=[wish_of(form).unit_price for form in filled(lines)],
            schedule=entry.schedule(),
            codes=entry.cleaned_data["coupon"].split(),
            version=entry.cleaned_data["version"] if standing else None,
            now=now,
        )


def _done(request: HttpRequest, standing_order_id: int, verb: Callable[[], str]) -> HttpResponse:
    """Do it and say so, or say why not; back to the standing order."""
    try:
        messages.success(request, verb())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("orders:standing_detail", standing_order_id)


@requires(PLACE_ORDERS)
@require_POST
def standing_pause(request: HttpRequest, standing_order_id: int) -> HttpResponse:
    """Place nothing until it is resumed."""
    return _done(
        request,
        standing_order_id,
        lambda: f"{pause_standing_order(standing_order_id=standing_order_id)} is paused.",
    )


@requires(PLACE_ORDERS)
@require_POST
def standing_resume(request: HttpRequest, standing_order_id: int) -> HttpResponse:
    """Go on."""

    def verb() -> str:
        standing = resume_standing_order(standing_order_id=standing_order_id, now=timezone.now())
        return f"{standing} goes on; it is placed next on {day_in_words(standing.next_on)}."

    return _done(request, standing_order_id, verb)


@requires(PLACE_ORDERS)
@require_POST
def standing_end(request: HttpRequest, standing_order_id: int) -> HttpResponse:
    """Never place it again."""
    return _done(
        request,
        standing_order_id,
        lambda: f"{end_standing_order(standing_order_id=standing_order_id)} has ended.",
    )


@requires(PLACE_ORDERS)
@require_POST
@once
def standing_skip(request: HttpRequest, standing_order_id: int) -> HttpResponse:
    """Leave out the next day."""

    def verb() -> str:
        standing = skip_standing_order(standing_order_id=standing_order_id, now=timezone.now())
        return f"Skipped; {standing} is placed next on {day_in_words(standing.next_on)}."

    return _done(request, standing_order_id, verb)


@requires(PLACE_ORDERS)
@require_POST
@once
def standing_retry(request: HttpRequest, standing_order_id: int, run_id: int) -> HttpResponse:
    """Try again to place the order of a day on which it was refused."""
    run = get_object_or_404(StandingRun, pk=run_id, standing_order=standing_order_id)
    return _done(
        request,
        standing_order_id,
        lambda: f"Order {place_refused_run(run_id=run.pk, now=timezone.now()).number} is placed.",
    )


standing_urls = [
    path("standing-orders/", standing_list, name="standing_list"),
    path("standing-orders/new/", standing_create, name="standing_create"),
    path("standing-orders/<int:standing_order_id>/", standing_detail, name="standing_detail"),
    path("standing-orders/<int:standing_order_id>/edit/", standing_edit, name="standing_edit"),
    path("standing-orders/<int:standing_order_id>/pause/", standing_pause, name="standing_pause"),
    path(
        "standing-orders/<int:standing_order_id>/resume/", standing_resume, name="standing_resume"
    ),
    path("standing-orders/<int:standing_order_id>/skip/", standing_skip, name="standing_skip"),
    path("standing-orders/<int:standing_order_id>/end/", standing_end, name="standing_end"),
    path(
        "standing-orders/<int:standing_order_id>/runs/<int:run_id>/retry/",
        standing_retry,
        name="standing_retry",
    ),
]
