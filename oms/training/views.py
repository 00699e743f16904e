"""The pages of the guided first hour; there are none outside a training store."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.access import requires, staff_of
from core.errors import DomainError
from core.rights import SEE_BACK_OFFICE
from oms.training.examples import customer_to_find, example_for
from oms.training.finding import name_order
from oms.training.progress import progress_of
from oms.training.sample import sample_file
from orders.rights import IMPORT_ORDERS


class FoundForm(forms.Form):
    number = forms.CharField(label="The order’s number", max_length=30)


@requires(SEE_BACK_OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def first_hour(request: HttpRequest) -> HttpResponse:
    """The eight tasks, each with the page on which it is done; what is sent is the first's answer."""
    _only_in_training()
    user = staff_of(request)
    sought = customer_to_find(user)
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and sought and sought.customer_id:
        number = form.cleaned_data["number"]
        try:
            name_order(user=user, number=number, customer_id=sought.customer_id)
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, "Found.")
            return redirect("first_hour")
    progress = progress_of(user)
    steps = [
        {
            "step": step,
            "example": example_for(step.task, user) if step.may_do and not step.is_done else None,
        }
        for step in progress.steps
    ]
    context = {"progress": progress, "steps": steps, "form": form, "sought": sought}
    return render(request, "oms/first_hour.html", context, status=422 if form.errors else 200)


@requires(IMPORT_ORDERS)
@require_safe
def training_sample(request: HttpRequest) -> HttpResponse:
    """The file with one broken row."""
    _only_in_training()
    content = sample_file(staff_of(request), now=timezone.localtime())
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="training-orders.csv"'},
    )


def _only_in_training() -> None:
    if not settings.IS_TRAINING:
        raise Http404("The first hour is part of a training store.")
