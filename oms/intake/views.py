"""What people decide about orders that their channel tells otherwise."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core import clock
from core.access import requires
from core.errors import DomainError
from oms.intake.deciding import keep_ours as keep_ours_as_it_is
from orders.rights import EDIT_ORDERS


@requires(EDIT_ORDERS)
@require_POST
def keep_ours(request: HttpRequest, order_id: int) -> HttpResponse:
    """The order stays as it is here; its item in Needs attention is closed."""
    try:
        keep_ours_as_it_is(order_id=order_id, now=clock.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Kept as it is here.")
    return redirect("orders:order_detail", order_id)
