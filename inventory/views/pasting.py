"""Editing the catalogue in bulk: rows pasted from a spreadsheet, seen before they are saved."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from core import imports, jobs
from core.access import requires
from core.errors import DomainError
from core.once import once
from inventory.forms.catalogue import PasteForm
from inventory.importers import Previewed, preview_products
from inventory.rights import EDIT_CATALOGUE, SEE_STOCK


@requires(EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
@once
def product_paste(request: HttpRequest) -> HttpResponse:
    """Paste rows, see what would change row by row, then save them as an import."""
    form = PasteForm(request.POST or None)
    rows: list[Previewed] = []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["rows"]
        try:
            rows = preview_products(text)
        except DomainError as refusal:
            form.add_error("rows", refusal.message)
        else:
            if request.POST.get("do") == "save":
                run = imports.start_run(
                    "products", format="csv", name="Pasted rows", content=text.encode(), options={}
                )
                return redirect("import_detail", run.pk)
    context = {
        "form": form,
        "rows": rows,
        "refused": sum(row.result == "refused" for row in rows),
        "changing": sum(row.result in {"created", "updated"} for row in rows),
    }
    status = 422 if form.errors else 200
    return render(request, "inventory/product_paste.html", context, status=status)


@requires(SEE_STOCK)
@require_POST
def product_export(_request: HttpRequest) -> HttpResponse:
    """Write the whole catalogue into a file that can be imported again."""
    with transaction.atomic():
        job = jobs.start("inventory.export_products", params={}, right=SEE_STOCK)
    return redirect("job_detail", job.pk)


paste_urls = [
    path("products/paste/", product_paste, name="product_paste"),
    path("products/export/", product_export, name="product_export"),
]
