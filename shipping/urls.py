"""Addresses of shipping's pages."""

from django.urls import path

from shipping.views import packing, shipments, work

app_name = "shipping"

urlpatterns = [
    path("work/", work.work_list, name="work_list"),
    path("work/<int:fulfilment_id>/", work.pick_page, name="pick_page"),
    path("work/<int:fulfilment_id>/start/", work.pick_start, name="pick_start"),
    path("work/<int:fulfilment_id>/scan/", work.pick_scan, name="pick_scan"),
    path("work/<int:fulfilment_id>/quantity/", work.pick_quantity, name="pick_quantity"),
    path("work/<int:fulfilment_id>/short/", work.pick_short, name="pick_short"),
    path("work/<int:fulfilment_id>/all/", work.pick_everything, name="pick_everything"),
    path("work/<int:fulfilment_id>/undo/", work.pick_undo, name="pick_undo"),
    path("work/<int:fulfilment_id>/put-back/", work.pick_put_back, name="pick_put_back"),
    path("work/<int:fulfilment_id>/pick-list/", work.pick_list_request, name="pick_list_request"),
    path("pack/<int:fulfilment_id>/", packing.pack_page, name="pack_page"),
    path("pack/<int:fulfilment_id>/scan/", packing.pack_scan, name="pack_scan"),
    path("pack/<int:fulfilment_id>/quantity/", packing.pack_quantity, name="pack_quantity"),
    path("pack/<int:fulfilment_id>/rest/", packing.pack_rest, name="pack_rest"),
    path("pack/<int:fulfilment_id>/parcel/", packing.pack_parcel, name="pack_parcel"),
    path(
        "pack/<int:fulfilment_id>/acknowledge/", packing.pack_acknowledge, name="pack_acknowledge"
    ),
    path("pack/<int:fulfilment_id>/finish/", packing.pack_finish, name="pack_finish"),
    path("shipments/", shipments.shipment_list, name="shipment_list"),
    path("shipments/<int:shipment_id>/", shipments.shipment_detail, name="shipment_detail"),
    path("shipments/<int:shipment_id>/labels/", shipments.labels_buy, name="labels_buy"),
    path("shipments/<int:shipment_id>/void/", shipments.labels_void, name="labels_void"),
    path("shipments/<int:shipment_id>/open/", shipments.shipment_open, name="shipment_open"),
    path("shipments/<int:shipment_id>/unpack/", shipments.shipment_unpack, name="shipment_unpack"),
    path(
        "shipments/<int:shipment_id>/dispatch/",
        shipments.shipment_dispatch,
        name="shipment_dispatch",
    ),
    path(
        "shipments/<int:shipment_id>/papers/<slug:code>/",
        shipments.paper_request,
        name="paper_request",
    ),
    path("parcels/<int:parcel_id>/empty/", packing.parcel_empty, name="parcel_empty"),
    path("parcels/<int:parcel_id>/label/", shipments.label_print, name="label_print"),
    path("parcels/<int:parcel_id>/events/", shipments.tracking_add, name="tracking_add"),
]
