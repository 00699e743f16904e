"""Addresses of stock, the catalogue and places."""

from django.urls import path

from inventory.views import (
    catalogue,
    links,
    ordering,
    pasting,
    places,
    planning,
    purchasing,
    receiving,
    snapshots,
    stock,
    suppliers,
    tracing,
)

app_name = "inventory"
planning_urls = [
    path("stock/replenishment/", planning.suggestion_list, name="suggestion_list"),
    path("stock/replenishment/review/", planning.suggestion_review, name="suggestion_review"),
    path("stock/replenishment/plan/", planning.plan_now, name="plan_now"),
    path("stock/replenishment/<int:pk>/order/", planning.suggestion_order, name="suggestion_order"),
    path("stock/reorder-rules/", planning.reorder_rule_list, name="reorder_rule_list"),
    path("stock/reorder-rules/new/", planning.reorder_rule_form, name="reorder_rule_new"),
    path("stock/reorder-rules/paste/", planning.reorder_rule_paste, name="reorder_rule_paste"),
    path("stock/reorder-rules/<int:pk>/", planning.reorder_rule_form, name="reorder_rule_edit"),
    path("stock/reports/", planning.cover_list, name="cover_list"),
    path("stock/reports/value/", planning.valuation_list, name="valuation_list"),
    path("stock/reports/ageing/", planning.ageing_list, name="ageing_list"),
    *planning.buying_limit_urls,
]
purchasing_urls = [
    path("purchasing/suppliers/", suppliers.supplier_list, name="supplier_list"),
    path("purchasing/suppliers/new/", suppliers.supplier_new, name="supplier_new"),
    path("purchasing/suppliers/<int:pk>/", suppliers.supplier_detail, name="supplier_detail"),
    path("purchasing/suppliers/<int:pk>/edit/", suppliers.supplier_edit, name="supplier_edit"),
    path("purchasing/suppliers/<int:pk>/prices/new/", suppliers.price_new, name="price_new"),
    path(
        "purchasing/suppliers/<int:pk>/prices/<int:item_id>/",
        suppliers.price_edit,
        name="price_edit",
    ),
    path(
        "purchasing/suppliers/<int:pk>/prices/<int:item_id>/remove/",
        suppliers.price_remove,
        name="price_remove",
    ),
    path("purchasing/orders/", purchasing.purchase_list, name="purchase_list"),
    path("purchasing/orders/new/", purchasing.purchase_create, name="purchase_create"),
    path("purchasing/orders/<int:pk>/", purchasing.purchase_detail, name="purchase_detail"),
    path("purchasing/orders/<int:pk>/edit/", purchasing.purchase_edit, name="purchase_edit"),
    path("purchasing/orders/<int:pk>/approve/", ordering.purchase_approve, name="purchase_approve"),
    path("purchasing/orders/<int:pk>/reopen/", ordering.purchase_reopen, name="purchase_reopen"),
    path("purchasing/orders/<int:pk>/send/", ordering.purchase_send, name="purchase_send"),
    path("purchasing/orders/<int:pk>/paper/", ordering.purchase_paper, name="purchase_paper"),
    path("purchasing/orders/<int:pk>/expect/", ordering.purchase_expect, name="purchase_expect"),
    path("purchasing/orders/<int:pk>/close/", ordering.purchase_close, name="purchase_close"),
    path("purchasing/orders/<int:pk>/cancel/", ordering.purchase_cancel, name="purchase_cancel"),
    path("purchasing/orders/<int:pk>/costs/new/", ordering.landed_cost_new, name="landed_cost_new"),
    path(
        "purchasing/orders/<int:pk>/costs/<int:cost_id>/remove/",
        ordering.landed_cost_remove,
        name="landed_cost_remove",
    ),
    path("purchasing/orders/<int:pk>/notices/new/", ordering.notice_new, name="notice_new"),
    path(
        "purchasing/orders/<int:pk>/notices/<int:notice_id>/withdraw/",
        ordering.notice_withdraw,
        name="notice_withdraw",
    ),
    path("purchasing/receive/", receiving.receive_start, name="receive_start"),
    path("purchasing/orders/<int:pk>/receive/", receiving.receive_order, name="receive_order"),
    path("purchasing/receipts/<int:pk>/", receiving.receipt_page, name="receipt_page"),
    path("purchasing/receipts/<int:pk>/scan/", receiving.receipt_scan, name="receipt_scan"),
    path(
        "purchasing/receipts/<int:pk>/lines/<int:line_id>/",
        receiving.receipt_count,
        name="receipt_count",
    ),
    path(
        "purchasing/receipts/<int:pk>/rows/<int:row_id>/forget/",
        receiving.receipt_forget,
        name="receipt_forget",
    ),
    path("purchasing/receipts/<int:pk>/review/", receiving.receipt_review, name="receipt_review"),
    path(
        "purchasing/receipts/<int:pk>/discard/", receiving.receipt_discard, name="receipt_discard"
    ),
    path("purchasing/differences/", purchasing.difference_list, name="difference_list"),
]
tracing_urls = [
    path("stock/lots/", tracing.lot_list, name="lot_list"),
    path("stock/lots/<int:pk>/", tracing.lot_detail, name="lot_detail"),
    path("stock/lots/<int:pk>/recall/", tracing.lot_recall, name="lot_recall"),
    path("stock/serials/", tracing.serial_list, name="serial_list"),
    path("stock/serials/new/", tracing.serial_new, name="serial_new"),
    path("stock/serials/<int:pk>/", tracing.serial_detail, name="serial_detail"),
    path("stock/serials/<int:pk>/scrap/", tracing.serial_scrap, name="serial_scrap"),
    path("stock/third-party/", snapshots.snapshot_list, name="snapshot_list"),
    path("stock/third-party/<int:pk>/", snapshots.snapshot_detail, name="snapshot_detail"),
    path("stock/third-party/<int:pk>/decide/", snapshots.snapshot_decide, name="snapshot_decide"),
]
urlpatterns = [
    *planning_urls,
    path("stock/", stock.stock_list, name="stock_list"),
    path("stock/movements/", stock.movement_list, name="movement_list"),
    path("stock/adjust/", stock.stock_adjust, name="stock_adjust"),
    path("stock/levels/<int:pk>/", stock.level_edit, name="level_edit"),
    path("stock/variants/<int:pk>/", stock.variant_detail, name="variant_detail"),
    path("stock/variants/<int:pk>/edit/", catalogue.variant_edit, name="variant_edit"),
    path("products/", catalogue.product_list, name="product_list"),
    path("products/new/", catalogue.product_new, name="product_new"),
    path("products/<int:pk>/", catalogue.product_detail, name="product_detail"),
    path("products/<int:pk>/edit/", catalogue.product_edit, name="product_edit"),
    path("products/<int:pk>/variants/new/", catalogue.variant_new, name="variant_new"),
    *purchasing_urls,
    *tracing_urls,
    *links.link_urls,
    *pasting.paste_urls,
    *places.location_urls,
    path("settings/channel-stock/", places.channel_places_list, name="channel_places_list"),
    path(
        "settings/channel-stock/<int:pk>/", places.channel_places_edit, name="channel_places_edit"
    ),
    path("settings/users/<int:pk>/locations/", places.location_access, name="location_access"),
]
