"""Addresses of webhooks that go out."""

from django.urls import path

from core.views import webhooks

urlpatterns = [
    path("", webhooks.endpoint_list, name="webhook_endpoint_list"),
    path("new/", webhooks.endpoint_new, name="webhook_endpoint_new"),
    path("<int:endpoint_id>/", webhooks.endpoint_detail, name="webhook_endpoint_detail"),
    path("<int:endpoint_id>/edit/", webhooks.endpoint_edit, name="webhook_endpoint_edit"),
    path("<int:endpoint_id>/secret/", webhooks.secret_rotate, name="webhook_secret_rotate"),
    path("<int:endpoint_id>/act/", webhooks.endpoint_act, name="webhook_endpoint_act"),
    path("<int:endpoint_id>/replay/", webhooks.range_replay, name="webhook_range_replay"),
    path("deliveries/", webhooks.delivery_list, name="webhook_delivery_list"),
    path("deliveries/<int:delivery_id>/", webhooks.delivery_detail, name="webhook_delivery_detail"),
    path(
        "deliveries/<int:delivery_id>/replay/",
        webhooks.delivery_replay,
        name="webhook_delivery_replay",
    ),
]
