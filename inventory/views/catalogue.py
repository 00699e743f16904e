"""Products and variants: the list, and the pages that make and edit them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from core.access import requires, staff_of
from core.errors import DomainError, StaleEdit
from inventory.errors import StillWanted
from inventory.forms import ProductForm, VariantForm
from inventory.models import Product, Variant
from inventory.rights import EDIT_CATALOGUE, SEE_STOCK
from inventory.selectors import variants_with_stock
from inventory.services import save_product, save_variant
from inventory.services.catalogue import version_of
from inventory.tables import ProductList


@requires(SEE_STOCK)
@require_GET
def product_list(request: HttpRequest) -> HttpResponse:
    """The catalogue."""
    return ProductList(request).respond()


@requires(SEE_STOCK)
@require_GET
def product_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A product with its variants and what of them lies where the user may look."""
    product = get_object_or_404(Product.objects.select_related("category"), pk=pk)
    context = {"product": product, "variants": variants_with_stock(staff_of(request), product)}
    return render(request, "inventory/product_detail.html", context)


@requires(EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
def product_new(request: HttpRequest) -> HttpResponse:
    """A new product; its first SKU is asked for next."""
    return _product(request, None)


@requires(EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A product's own facts."""
    return _product(request, get_object_or_404(Product.objects.select_related("category"), pk=pk))


def _product(request: HttpRequest, product: Product | None) -> HttpResponse:
    form = ProductForm(request.POST or None, instance=product)
    status = 200
    changes: tuple[str, ...] = ()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = save_product(
                    product_id=product.pk if product else None,
                    values=form.values,
                    version=_version(request),
                    may_leave_units=form.cleaned_data["despite"],
                )
            except StaleEdit as stale:
                status, changes = 409, stale.changes
                form.add_error(None, stale.message)
            except StillWanted as refusal:
                form.ask_despite()
                form.add_error(refusal.field, refusal.message)
            else:
                messages.success(request, f"{kept.name} saved.")
                if product is None:
                    return redirect("inventory:variant_new", kept.pk)
                return redirect("inventory:product_detail", kept.pk)
    context = {
        "form": form,
        "product": product,
        "version": _shown_version(request, product),
        "changes": changes,
    }
    return render(request, "inventory/product_edit.html", context, status=status)


@requires(EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
def variant_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new SKU of a product."""
    return _variant(request, get_object_or_404(Product, pk=pk), None)


@requires(EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
def variant_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One SKU's own facts."""
    variant = get_object_or_404(Variant.objects.select_related("product"), pk=pk)
    return _variant(request, variant.product, variant)


def _variant(request: HttpRequest, product: Product, variant: Variant | None) -> HttpResponse:
    form = VariantForm(request.POST or None, instance=variant)
    status = 200
    changes: tuple[str, ...] = ()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = save_variant(
                    variant_id=variant.pk if variant else None,
                    product=product,
                    values=form.values,
                    version=_version(request),
                    may_leave_units=form.cleaned_data["despite"],
                )
            except StaleEdit as stale:
                status, changes = 409, stale.changes
                form.add_error(None, stale.message)
            except DomainError as error:
                if isinstance(error, StillWanted):
                    form.ask_despite()
                form.add_error(error.field, error.message)
            else:
                messages.success(request, f"{kept.sku} saved.")
                return redirect("inventory:variant_detail", kept.pk)
    back = (
        reverse("inventory:variant_detail", args=[variant.pk])
        if variant
        else reverse("inventory:product_detail", args=[product.pk])
    )
    context = {
        "form": form,
        "product": product,
        "variant": variant,
        "version": _shown_version(request, variant),
        "changes": changes,
        "back": back,
    }
    return render(request, "inventory/variant_edit.html", context, status=status)


def _version(request: HttpRequest) -> int:
    sent = request.POST.get("version", "0")
    return int(sent) if sent.isdecimal() and len(sent) < 19 else 0


def _shown_version(request: HttpRequest, row: Any) -> int:
    """A form shown again keeps the version it was opened with: sending it twice overrules nobody."""
    if request.method == "POST":
        return _version(request)
    return version_of(row) if row else 0
