"""Suppliers and their price lists."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires, staff_of
from core.editing import version_of
from core.errors import DomainError, StaleEdit
from inventory.forms.suppliers import PriceForm, SupplierForm
from inventory.models import Supplier, SupplierItem
from inventory.rights import BUY, SEE_PURCHASES
from inventory.selectors.purchasing import days_late, purchases_seen_by, with_progress
from inventory.services.suppliers import remove_price, save_supplier, set_price
from inventory.states import PurchaseState
from inventory.tables.purchasing import SupplierList

PRICES_SHOWN = 500
ORDERS_SHOWN = 20


@requires(SEE_PURCHASES)
@require_GET
def supplier_list(request: HttpRequest) -> HttpResponse:
    """Who goods are bought from."""
    return SupplierList(request).respond()


@requires(SEE_PURCHASES)
@require_GET
def supplier_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier: terms, price list, and what is open with them."""
    supplier = get_object_or_404(Supplier, pk=pk)
    items = supplier.items.select_related("variant__product", "supplier").order_by("variant__sku")
    orders = with_progress(purchases_seen_by(staff_of(request)).filter(supplier=supplier))
    shown = list(orders.select_related("location").order_by("-created_at", "-pk")[:ORDERS_SHOWN])
    now = timezone.now()
    for order in shown:
        order.days_late = days_late(order, now.astimezone(order.location.zone).date())
    context = {
        "supplier": supplier,
        "items": items[:PRICES_SHOWN],
        "orders": shown,
        "open_states": PurchaseState.open_states(),
    }
    return render(request, "inventory/supplier_detail.html", context)


@requires(BUY)
@require_http_methods(["GET", "POST"])
def supplier_new(request: HttpRequest) -> HttpResponse:
    """Add a supplier."""
    return _edit(request, None)


@requires(BUY)
@require_http_methods(["GET", "POST"])
def supplier_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a supplier's terms."""
    return _edit(request, get_object_or_404(Supplier, pk=pk))


def _edit(request: HttpRequest, supplier: Supplier | None) -> HttpResponse:
    form = SupplierForm(request.POST or None, instance=supplier)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            seen = request.POST.get("version", "")
            try:
                saved = save_supplier(
                    supplier_id=supplier.pk if supplier else None,
                    values=form.cleaned_data,
                    version=int(seen) if seen.isdecimal() and len(seen) < 19 else 0,
                )
            except StaleEdit as stale:
                form.add_error(None, f"{stale.message} {' '.join(stale.changes)}".strip())
                status = 409
            except DomainError as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, str(refusal)
                )
            else:
                messages.success(request, f"{saved.name} saved.")
                return redirect("inventory:supplier_detail", saved.pk)
    context = {
        "form": form,
        "supplier": supplier,
        "version": version_of(supplier) if supplier else 0,
    }
    return render(request, "inventory/supplier_edit.html", context, status=status)


@requires(BUY)
@require_http_methods(["GET", "POST"])
def price_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a SKU on a supplier's price list."""
    return _price(request, get_object_or_404(Supplier, pk=pk), None)


@requires(BUY)
@require_http_methods(["GET", "POST"])
def price_edit(request: HttpRequest, pk: int, item_id: int) -> HttpResponse:
    """Change what a supplier asks for a SKU."""
    items = SupplierItem.objects.select_related("supplier", "variant__product")
    item = get_object_or_404(items, pk=item_id, supplier=pk)
    return _price(request, item.supplier, item)


def _price(request: HttpRequest, supplier: Supplier, item: SupplierItem | None) -> HttpResponse:
    form = PriceForm(request.POST or None, item=item)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            variant = values.pop("sku")
            try:
                set_price(supplier=supplier, variant=variant, values=values)
            except DomainError as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, str(refusal)
                )
            else:
                messages.success(request, f"Price of {variant.sku} saved.")
                return redirect("inventory:supplier_detail", supplier.pk)
    context = {"form": form, "supplier": supplier, "item": item}
    return render(request, "inventory/price_edit.html", context, status=status)


@requires(BUY)
@require_POST
def price_remove(request: HttpRequest, pk: int, item_id: int) -> HttpResponse:
    """Take a SKU off a supplier's price list."""
    try:
        remove_price(item_id=item_id)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("inventory:supplier_detail", pk)
