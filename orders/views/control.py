"""What a member of staff does with an order in hand: hold, take, watch, note, tag; each one verb."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from orders.forms import AssignForm, HoldForm, NoteForm, TagForm
from orders.models import NoteKind
from orders.rights import EDIT_ORDERS, SEE_ORDERS
from orders.selectors import order_seen_by
from orders.services import (
    add_note,
    allocate_now,
    assign_order,
    claim_hold,
    hold_order,
    release_hold,
    release_holds,
    set_tags,
    stop_watching,
    watch_order,
)
from orders.sockets import HOLD_EFFECTS
from orders.states import HoldKind
from orders.views.answering import answer, guard, version_of


@requires(EDIT_ORDERS)
@once
def order_hold(request: HttpRequest, order_id: int) -> HttpResponse:
    """Put an order on hold; what is in hand already is said before."""
    order = order_seen_by(staff_of(request), order_id)
    form = HoldForm(request.POST or None)
    guard(form, order)

    def act() -> None:
        now = timezone.now()
        hold_order(
            order_id=order.pk,
            kind=HoldKind(form.cleaned_data["kind"]),
            reason=form.cleaned_data["reason"],
            until=form.ends_at(now),
            owner=form.cleaned_data["owner"],
            version=version_of(form),
            now=now,
        )

    return answer(
        request,
        order,
        form,
        act,
        title=f"Hold order {order.number}",
        submit="Hold order",
        done=f"Order {order.number} is on hold.",
        extra={"warnings": HOLD_EFFECTS.ask(order)},
    )


@requires(EDIT_ORDERS)
@once
def hold_release(request: HttpRequest, order_id: int, hold_id: int) -> HttpResponse:
    """Release a hold, after a look at why it was placed."""
    order = order_seen_by(staff_of(request), order_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: release_hold(
            order_id=order.pk, hold_id=hold_id, version=version_of(form), now=timezone.now()
        ),
        title=f"Release order {order.number}",
        submit="Release hold",
        done=f"The hold on order {order.number} is released.",
        extra={"holds": order.holds.filter(pk=hold_id)},
    )


@requires(EDIT_ORDERS)
@once
def holds_release(request: HttpRequest, order_id: int) -> HttpResponse:
    """Release every hold of an order, after a look at why each was placed."""
    order = order_seen_by(staff_of(request), order_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: release_holds(order_id=order.pk, version=version_of(form), now=timezone.now()),
        title=f"Release all holds of order {order.number}",
        submit="Release all holds",
        done=f"Order {order.number} goes on.",
        extra={"holds": order.holds.filter(released_at=None)},
    )


@requires(EDIT_ORDERS)
@require_POST
def hold_claim(request: HttpRequest, order_id: int, hold_id: int) -> HttpResponse:
    """Settle what keeps the order oneself, also where a colleague was to."""
    order = order_seen_by(staff_of(request), order_id)
    try:
        claim_hold(order_id=order.pk, hold_id=hold_id, owner=staff_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "The hold is yours to settle.")
    return redirect("orders:order_detail", order.pk)


@requires(EDIT_ORDERS)
@once
def order_assign(request: HttpRequest, order_id: int) -> HttpResponse:
    """Say who takes care of an order."""
    order = order_seen_by(staff_of(request), order_id)
    form = AssignForm(request.POST if request.method == "POST" else None)
    form.initial["user"] = order.assignee_id
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: assign_order(
            order_id=order.pk,
            user=form.cleaned_data["user"],
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Who takes care of order {order.number}?",
        submit="Assign order",
        done=f"Order {order.number} is assigned.",
    )


@requires(SEE_ORDERS)
@require_POST
def order_watch(request: HttpRequest, order_id: int) -> HttpResponse:
    """Be told what happens to an order, or no longer."""
    user = staff_of(request)
    order = order_seen_by(user, order_id)
    if request.POST.get("stop"):
        stop_watching(order_id=order.pk, user=user)
    else:
        watch_order(order_id=order.pk, user=user, now=timezone.now())
    return redirect("orders:order_detail", order.pk)


@requires(EDIT_ORDERS)
@once
def order_allocate(request: HttpRequest, order_id: int) -> HttpResponse:
    """Try again to set aside what the order waits for."""
    order = order_seen_by(staff_of(request), order_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    guard(form, order)

    def act() -> None:
        got = allocate_now(order_id=order.pk, version=version_of(form), now=timezone.now())
        words = f"{got} units are set aside." if got else "No stock is free for it yet."
        messages.info(request, words)

    return answer(
        request,
        order,
        form,
        act,
        title=f"Ask for stock for order {order.number}",
        submit="Set aside what is free",
        done="Asked for stock; whoever waits longer was served first.",
    )


@requires(EDIT_ORDERS)
@require_POST
def note_add(request: HttpRequest, order_id: int) -> HttpResponse:
    """Write a note on an order. It overwrites nothing, so it is taken on any version."""
    order = order_seen_by(staff_of(request), order_id)
    form = NoteForm(request.POST)
    return answer(
        request,
        order,
        form,
        lambda: (
            add_note(
                order_id=order.pk,
                text=form.cleaned_data["text"],
                kind=NoteKind(form.cleaned_data["kind"]),
                author=staff_of(request),
                now=timezone.now(),
            ).order
        ),
        title=f"Note on order {order.number}",
        submit="Add note",
        done="Note added.",
    )


@requires(EDIT_ORDERS)
@once
def order_tags(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change an order's tags."""
    order = order_seen_by(staff_of(request), order_id)
    form = TagForm(request.POST if request.method == "POST" else None, order=order)
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: set_tags(
            order_id=order.pk,
            add=form.cleaned_data["add"].split(","),
            remove=form.cleaned_data.get("remove", []),
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Tags of order {order.number}",
        submit="Save tags",
        done="Tags saved.",
        extra={"known_tags": form.known},
    )
