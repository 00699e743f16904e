"""What hangs on products and variants: their parts, codes, substitutes, kin and pictures."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires
from core.errors import DomainError
from inventory.forms.catalogue import PictureForm, RelatedForm, VariantLinksForm
from inventory.models import Picture, PictureFile, Product, Variant
from inventory.rights import EDIT_CATALOGUE, SEE_STOCK
from inventory.selectors.catalogue import links_of
from inventory.services.composing import (
    set_barcodes,
    set_parts,
    set_related,
    set_substitutes,
)
from inventory.services.picturing import add_picture, remove_picture

A_YEAR = 365 * 24 * 60 * 60


def _answer(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], **context: Any
) -> HttpResponse:
    """Show the form, or do what it says and go back: a refusal comes back on its field."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, f"{context['back_label']} saved.")
            return redirect(context["back"])
    status = 422 if form.is_bound else 200
    return render(request, "inventory/links_form.html", {"form": form, **context}, status=status)


@requires(EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
def variant_links(request: HttpRequest, pk: int) -> HttpResponse:
    """What a variant is made of, its further barcodes and what stands in for it."""
    variant = get_object_or_404(Variant.objects.select_related("product"), pk=pk)
    links = links_of(variant)
    initial = {
        "parts": "\n".join(f"{one.part.sku}; {one.quantity}" for one in links.parts),
        "barcodes": "\n".join(
            "; ".join(filter(None, [one.code, str(one.units), one.label])) for one in links.barcodes
        ),
        "substitutes": "\n".join(
            f"{one.substitute.sku}; {one.reason}".rstrip("; ") for one in links.substitutes
        ),
    }
    form = VariantLinksForm(request.POST or None, initial=initial)

    def act() -> None:
        values = form.cleaned_data
        with transaction.atomic():
            set_parts(variant, values["parts"])
            set_barcodes(variant, values["barcodes"])
            set_substitutes(variant, values["substitutes"])

    return _answer(
        request,
        form,
        act,
        title="Parts, codes and substitutes",
        name=f"{variant.sku}, {variant.full_name}",
        back=reverse("inventory:variant_detail", args=[variant.pk]),
        back_label=variant.sku,
        submit="Save",
    )


@requires(EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
def product_related(request: HttpRequest, pk: int) -> HttpResponse:
    """The products that go with a product."""
    product = get_object_or_404(Product, pk=pk)
    skus = (
        Variant.objects.filter(product__related_to__product=product)
        .order_by("product__related_to__position", "sku")
        .values_list("product_id", "sku")
    )
    first: dict[int, str] = {}
    for product_id, sku in skus:
        first.setdefault(product_id, sku)
    form = RelatedForm(request.POST or None, initial={"related": "\n".join(first.values())})
    return _answer(
        request,
        form,
        lambda: set_related(product, form.cleaned_data["related"]),
        title="Related products",
        **_of(product),
        submit="Save",
    )


@requires(EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
def picture_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a picture of a product, or of one of its variants."""
    product = get_object_or_404(Product, pk=pk)
    form = PictureForm(request.POST or None, request.FILES or None, product=product)

    def act() -> None:
        values = form.cleaned_data
        add_picture(
            product=product,
            variant=values["variant"],
            content=values["picture"].read(),
            description=values["description"],
            now=timezone.now(),
        )

    return _answer(
        request,
        form,
        act,
        title="Add picture",
        **_of(product),
        submit="Add picture",
        has_file=True,
    )


def _of(product: Product) -> dict[str, str]:
    return {
        "name": product.name,
        "back": reverse("inventory:product_detail", args=[product.pk]),
        "back_label": product.name,
    }


@requires(EDIT_CATALOGUE)
@require_POST
def picture_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a picture away."""
    picture = get_object_or_404(Picture.objects.select_related("product"), pk=pk)
    remove_picture(picture)
    messages.success(request, "Picture removed.")
    return redirect("inventory:product_detail", picture.product_id)


@requires(SEE_STOCK)
@require_GET
def picture(_request: HttpRequest, sha256: str, size: str) -> HttpResponse:
    """The bytes of a picture; its address never shows anything else, so it is kept for a year."""
    found = PictureFile.objects.filter(sha256=sha256, is_thumbnail=size == "small").first()
    if found is None or size not in {"small", "whole"}:
        raise Http404("No such picture.")
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


link_urls = [
    path("stock/variants/<int:pk>/links/", variant_links, name="variant_links"),
    path("products/<int:pk>/related/", product_related, name="product_related"),
    path("products/<int:pk>/pictures/new/", picture_add, name="picture_add"),
    path("products/pictures/<int:pk>/remove/", picture_remove, name="picture_remove"),
    path("products/pictures/<str:sha256>/<str:size>/", picture, name="picture"),
]
