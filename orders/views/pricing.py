"""The settings pages of channels, price lists, promotions and coupons."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from core import imports
from core.access import requires
from core.errors import DomainError
from core.events import ChannelChanged
from core.models import Channel
from core.once import once
from core.settings_pages import Column, ModelSettings
from core.views.settings import settings_urls
from inventory.forms.catalogue import PasteForm
from orders.events import CouponChanged, PriceListChanged, PromotionChanged
from orders.forms.pricing import CouponForm, PriceListForm, PromotionForm, SellingChannelForm
from orders.importers import preview_prices
from orders.models import ChannelPolicy, Coupon, PriceList, Promotion
from orders.rights import EDIT_PRICES

SHOWN = 500


def _policy(read: Callable[[ChannelPolicy], Any]) -> Callable[[Channel], Any]:
    """A column read off a channel's policy; the defaults' where it has none."""
    return lambda row: read(row.policy if hasattr(row, "policy") else ChannelPolicy())


def _places(row: Any) -> str:
    links = sorted(row.locations.all(), key=lambda link: (link.priority, link.location_id))
    return ", ".join(str(link.location) for link in links) or "–"


def _days(row: PriceList | Promotion) -> str:
    if not (row.valid_from or row.valid_until):
        return "always"
    if not row.valid_until:
        return f"from {row.valid_from:%-d %B %Y}"
    if not row.valid_from:
        return f"until {row.valid_until:%-d %B %Y}"
    return f"{row.valid_from:%-d %B %Y} – {row.valid_until:%-d %B %Y}"


def _gives(row: Promotion) -> str:
    words = {
        "percent": f"{row.percent.normalize():f} % off",
        "fixed": f"{row.amount.normalize():f} {row.currency} off",
        "buy_x_get_y": f"Buy {row.buy_quantity}, get {row.get_quantity} at"
        f" {row.percent.normalize():f} % off",
    }
    return words.get(row.kind, row.get_kind_display())


CHANNELS = ModelSettings(
    name="channel",
    app_name="orders",
    model=Channel,
    form=SellingChannelForm,
    changed=ChannelChanged,
    singular="Channel",
    plural="Channels",
    description="Ways by which orders come in, and what each goes by.",
    columns=(
        Column("Name", lambda row: row.name),
        Column("Kind", lambda row: row.get_kind_display()),
        Column("Currency", lambda row: row.currency),
        Column("Time zone", lambda row: row.time_zone),
        Column("Prices", lambda row: "with tax" if row.prices_include_tax else "without tax"),
        Column("Price list", _policy(lambda policy: policy.price_list or "Everybody’s")),
        Column("Sells from", _places),
        Column("Buffer", lambda row: row.stock_buffer),
        Column("Payment", _policy(lambda policy: policy.get_payment_terms_display())),
        Column("Numbers begin with", lambda row: row.number_prefix or "–"),
        Column("Takes orders", lambda row: "yes" if row.is_active else "no"),
    ),
    icon="cart",
    related=("legal_entity", "policy__price_list"),
    many=("locations__location",),
)

PRICE_LISTS = ModelSettings(
    name="price_list",
    app_name="orders",
    model=PriceList,
    form=PriceListForm,
    changed=PriceListChanged,
    singular="Price list",
    plural="Price lists",
    description="Prices other than everybody’s: by channel, customer group, quantity and date.",
    columns=(
        Column("Name", lambda row: row.name),
        Column("Currency", lambda row: row.currency),
        Column("Priority", lambda row: row.priority),
        Column("Days", _days),
        Column("In force", lambda row: "yes" if row.is_active else "no"),
    ),
    icon="tag",
    right=EDIT_PRICES,
    links=(("Prices", "orders:price_list_prices", "tag"),),
)

PROMOTIONS = ModelSettings(
    name="promotion",
    app_name="orders",
    model=Promotion,
    form=PromotionForm,
    changed=PromotionChanged,
    singular="Promotion",
    plural="Promotions",
    description="What is taken off orders, and on which conditions.",
    columns=(
        Column("Name", lambda row: row.name),
        Column("Gives", _gives),
        Column("Coupon", lambda row: "needed" if row.needs_coupon else "no"),
        Column("Priority", lambda row: row.priority),
        Column("Days", _days),
        Column("In force", lambda row: "yes" if row.is_active else "no"),
    ),
    icon="tag",
    right=EDIT_PRICES,
)

COUPONS = ModelSettings(
    name="coupon",
    app_name="orders",
    model=Coupon,
    form=CouponForm,
    changed=CouponChanged,
    singular="Coupon",
    plural="Coupons",
    description="Codes that ask for a promotion, and how often each may be used.",
    columns=(
        Column("Code", lambda row: row.code),
        Column("Promotion", lambda row: row.promotion.name),
        Column("Used", lambda row: row.used),
        Column("In all", lambda row: row.total_limit or "without limit"),
        Column("A customer", lambda row: row.customer_limit or "without limit"),
        Column("In force", lambda row: "yes" if row.is_active else "no"),
    ),
    icon="tag",
    right=EDIT_PRICES,
    order_by=("code",),
    related=("promotion",),
)


@requires(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
@once
def price_list_prices(request: HttpRequest, pk: int) -> HttpResponse:
    """The prices of a list; rows pasted are shown first, then saved as an import."""
    price_list = get_object_or_404(PriceList, pk=pk)
    form = PasteForm(request.POST or None)
    rows = []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["rows"]
        try:
            rows = preview_prices(text, price_list.pk)
        except DomainError as refusal:
            form.add_error("rows", refusal.message)
        else:
            if request.POST.get("do") == "save":
                run = imports.start_run(
                    "price_lists",
                    format="csv",
                    name=f"Rows pasted for {price_list}",
                    content=text.encode(),
                    options={"price_list": price_list.pk},
                )
                return redirect("import_detail", run.pk)
    items = price_list.items.select_related("variant__product").order_by(
        "variant__sku", "min_quantity", "valid_from", "pk"
    )
    found = list(items[: SHOWN + 1])
    context = {
        "price_list": price_list,
        "form": form,
        "rows": rows,
        "refused": sum(row.result == "refused" for row in rows),
        "changing": sum(row.result in {"created", "updated"} for row in rows),
        "items": found[:SHOWN],
        "is_cut": len(found) > SHOWN,
    }
    status = 422 if form.errors else 200
    return render(request, "orders/price_list_prices.html", context, status=status)


pricing_urls = [
    *settings_urls(CHANNELS, "settings/channels"),
    *settings_urls(PRICE_LISTS, "settings/price-lists"),
    path("settings/price-lists/<int:pk>/prices/", price_list_prices, name="price_list_prices"),
    *settings_urls(PROMOTIONS, "settings/promotions"),
    *settings_urls(COUPONS, "settings/coupons"),
]
