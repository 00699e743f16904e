"""The prices of a variant."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.access import requires
from inventory.models import Variant
from orders.forms import PricesForm
from orders.rights import EDIT_PRICES
from orders.selectors.list_prices import prices_of
from orders.services.prices import set_prices


@requires(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def variant_prices(request: HttpRequest, pk: int) -> HttpResponse:
    """What one SKU costs in each currency that a channel sells in."""
    variant = get_object_or_404(Variant.objects.select_related("product"), pk=pk)
    form = PricesForm(request.POST or None, prices=prices_of(variant))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            set_prices(variant=variant, amounts=form.amounts)
            messages.success(request, f"Prices of {variant.sku} saved.")
            return redirect("inventory:variant_detail", variant.pk)
        status = 422
    context = {"form": form, "variant": variant}
    return render(request, "orders/variant_prices.html", context, status=status)
