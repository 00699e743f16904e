"""How a page about one order answers: the form, its refusals, and what others changed meanwhile."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.errors import DomainError, StaleEdit
from orders.models import Order

VERSION = "version"


def guard(form: forms.BaseForm, order: Order) -> None:
    """Let the form carry the version of the order that it was opened on, so that an edit of an older
    one is refused with what happened since.
    """
    form.fields[VERSION] = forms.IntegerField(
        required=False, widget=forms.HiddenInput, initial=order.version
    )
    form.initial[VERSION] = order.version


def version_of(form: forms.BaseForm) -> int | None:
    """The version a valid form was opened on."""
    version: int | None = form.cleaned_data[VERSION]
    return version


def answer(
    request: HttpRequest,
    order: Order,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    title: str,
    submit: str,
    done: str,
    is_danger: bool = False,
    only_look: bool = False,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form about an order, or do what it says: a refusal comes back on its field, and what
    others changed meanwhile above what was typed. Leads to the order that `act` returns, if any;
    `only_look` shows what would happen and does nothing.
    """
    status = 422 if form.is_bound and not only_look else 200
    changes: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid() and not only_look:
        try:
            made = act()
        except StaleEdit as stale:
            form.add_error(None, stale.message)
            status, changes = 409, stale.changes
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("orders:order_detail", made.pk if isinstance(made, Order) else order.pk)
    context = {
        "order": order,
        "form": form,
        "title": title,
        "submit": submit,
        "is_danger": is_danger,
        "changes": changes,
        **(extra or {}),
    }
    return render(request, "orders/order_form.html", context, status=status)
