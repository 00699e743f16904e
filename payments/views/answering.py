"""How a page about money answers: a form shown, done, or refused on its field."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from core.errors import DomainError
from orders.models import Order

FORM = "payments/money_form.html"


def answer(
    request: HttpRequest,
    order: Order,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: str,
    submit: str,
    done: str,
    template: str = FORM,
    field_of: Callable[[str | None], str | None] | None = None,
    **extra: Any,
) -> HttpResponse:
    """Show a form about an order's money, or do what it says and go back to the order."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except DomainError as refusal:
            named = field_of(refusal.field) if field_of else refusal.field
            form.add_error(named if named in form.fields else None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("orders:order_detail", order.pk)
    context = {"order": order, "form": form, "title": title, "submit": submit, **extra}
    return render(request, template, context, status=422 if form.is_bound else 200)


def moment_of(day: date, now: datetime) -> datetime:
    """The moment that stands for a day somebody named: now for today, otherwise noon of that day."""
    local = timezone.localtime(now)
    if day == local.date():
        return now
    return datetime.combine(day, time(12), tzinfo=local.tzinfo)
