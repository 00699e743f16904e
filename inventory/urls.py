"""Addresses of stock, the catalogue and places."""

from django.urls import path

from inventory.views import catalogue, places, stock

app_name = "inventory"
urlpatterns = [
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
    *places.location_urls,
    path("settings/channel-stock/", places.channel_places_list, name="channel_places_list"),
    path(
        "settings/channel-stock/<int:pk>/", places.channel_places_edit, name="channel_places_edit"
    ),
    path("settings/users/<int:pk>/locations/", places.location_access, name="location_access"),
]
