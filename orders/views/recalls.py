"""Who got a recalled lot: the list as a file, and telling them."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core.access import requires, staff_of
from core.jobs import start
from core.listing.escaping import escape
from core.message_templates import in_force
from core.tabular import write_table
from core.wording import render as render_wording
from inventory.models import Lot
from orders.messages import LOT_RECALLED, recall_variables
from orders.models import Order
from orders.rights import EDIT_ORDERS, SEE_ORDERS
from orders.selectors.recalls import who_got


def _lot(pk: int) -> Lot:
    lot = Lot.objects.select_related("variant__product").filter(pk=pk).first()
    if lot is None:
        raise Http404("No such lot.")
    return lot


@requires(SEE_ORDERS)
@require_GET
def recall_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Every order and customer that got the lot, or is to get it, as CSV."""
    lot = _lot(pk)
    header = ["Order", "Placed", "Customer", "E-mail", "Phone", "Units sent", "Units set aside"]
    rows = [
        [
            escape(str(cell))
            for cell in (
                row["order__number"],
                row["order__placed_at"].isoformat() if row["order__placed_at"] else "",
                row["order__customer_name"],
                row["order__email"],
                row["order__phone"],
                row["sent"],
                row["held"],
            )
        ]
        for row in who_got(staff_of(request), lot.pk)
    ]
    answer = HttpResponse(write_table(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="lot-{lot.pk}.csv"'
    return answer


@requires(EDIT_ORDERS)
@require_http_methods(["GET", "POST"])
def recall_message(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customers will read, before it is sent to each of them by a job."""
    lot, user = _lot(pk), staff_of(request)
    rows = [row for row in who_got(user, lot.pk) if row["sent"]]
    if request.method == "POST":
        if not lot.recalled_at:
            messages.error(request, "The lot is not recalled; recall it first, then tell.")
            return redirect("inventory:lot_detail", lot.pk)
        with transaction.atomic():
            job = start(
                "orders.tell_of_recall",
                params={"lot_id": lot.pk, "user_id": user.pk},
                title=f"Tell {len(rows)} customers of the recall of lot {lot.code}",
                right=EDIT_ORDERS,
            )
        return redirect("job_detail", job.pk)
    sample = None
    if rows:
        order = Order.objects.select_related("channel__legal_entity").get(pk=rows[0]["order_id"])
        text = in_force(LOT_RECALLED, language=order.language, channel_id=order.channel_id)
        told = recall_variables(order, lot, rows[0]["sent"])
        sample = render_wording(text.subject, text.body, told)
    context = {
        "lot": lot,
        "rows": rows,
        "sample": sample,
        "silent": sum(not row["order__email"] for row in rows),
    }
    return render(request, "orders/recall_message.html", context)
