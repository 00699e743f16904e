"""Addresses of orders and of the customer's page."""

from django.urls import path

from orders.views import (
    actions,
    changes,
    control,
    detail,
    entry,
    joining,
    lists,
    prices,
    promise_calendar,
    promises,
    recalls,
    sourcing,
    tracking,
)
from orders.views.carriers import carrier_urls
from orders.views.edit_rules import edit_rule_urls
from orders.views.pricing import pricing_urls
from orders.views.quote_answer import answer_urls
from orders.views.quotes import quote_urls
from orders.views.rates import rate_urls
from orders.views.recommending import recommendation_urls
from orders.views.risk import risk_urls
from orders.views.risk_rules import risk_rule_urls
from orders.views.sourcing_rules import sourcing_urls
from orders.views.standing import standing_urls
from orders.views.what_ifs import what_if_urls

app_name = "orders"
urlpatterns = [
    path("orders/", lists.order_list, name="order_list"),
    path("orders/new/", entry.order_create, name="order_create"),
    path("orders/<int:order_id>/", detail.order_detail, name="order_detail"),
    path("orders/<int:order_id>/rules/", detail.order_rules, name="order_rules"),
    path("orders/<int:order_id>/hold/", control.order_hold, name="order_hold"),
    path(
        "orders/<int:order_id>/holds/<int:hold_id>/release/",
        control.hold_release,
        name="hold_release",
    ),
    path("orders/<int:order_id>/holds/release/", control.holds_release, name="holds_release"),
    path("orders/<int:order_id>/holds/<int:hold_id>/claim/", control.hold_claim, name="hold_claim"),
    path("orders/<int:order_id>/promise/", promises.promise_change, name="promise_change"),
    path("orders/<int:order_id>/deliver-by/", promises.order_deliver_by, name="order_deliver_by"),
    path("orders/<int:order_id>/assign/", control.order_assign, name="order_assign"),
    path("orders/<int:order_id>/watch/", control.order_watch, name="order_watch"),
    path("orders/<int:order_id>/allocate/", control.order_allocate, name="order_allocate"),
    path("orders/<int:order_id>/sourcing/", sourcing.order_sourcing, name="order_sourcing"),
    path("orders/<int:order_id>/sourcing/again/", sourcing.sourcing_again, name="sourcing_again"),
    path(
        "orders/<int:order_id>/sourcing/choose/",
        sourcing.sourcing_override,
        name="sourcing_override",
    ),
    path("orders/<int:order_id>/split/", joining.order_split, name="order_split"),
    path("orders/<int:order_id>/merge/", joining.order_merge, name="order_merge"),
    path("orders/<int:order_id>/reship/", joining.order_reship, name="order_reship"),
    path("orders/<int:order_id>/notes/", control.note_add, name="note_add"),
    path("orders/<int:order_id>/tags/", control.order_tags, name="order_tags"),
    path("orders/<int:order_id>/details/", actions.order_details, name="order_details"),
    path("orders/<int:order_id>/address/", actions.order_address, name="order_address"),
    path("orders/<int:order_id>/lines/<int:line_id>/match/", actions.line_match, name="line_match"),
    path("orders/<int:order_id>/edit/", changes.order_edit, name="order_edit"),
    path(
        "orders/<int:order_id>/changes/<int:change_id>/",
        changes.change_detail,
        name="change_detail",
    ),
    path(
        "orders/<int:order_id>/changes/<int:change_id>/approve/",
        changes.change_approve,
        name="change_approve",
    ),
    path(
        "orders/<int:order_id>/changes/<int:change_id>/decline/",
        changes.change_decline,
        name="change_decline",
    ),
    path(
        "orders/<int:order_id>/changes/<int:change_id>/discard/",
        changes.change_discard,
        name="change_discard",
    ),
    path("orders/<int:order_id>/cancel/", actions.order_cancel, name="order_cancel"),
    path(
        "orders/<int:order_id>/confirmation/",
        actions.confirmation_request,
        name="confirmation_request",
    ),
    path("orders/<int:order_id>/link/", actions.tracking_link, name="tracking_link"),
    path("promises/kept/", promises.promises_kept, name="promises_kept"),
    path("settings/promise-calendar/", promise_calendar.promise_calendar, name="promise_calendar"),
    path("stock/variants/<int:pk>/prices/", prices.variant_prices, name="variant_prices"),
    path("stock/lots/<int:pk>/orders/", recalls.recall_export, name="recall_export"),
    path("stock/lots/<int:pk>/tell/", recalls.recall_message, name="recall_message"),
    path("track/<str:token>/", tracking.track_enter, name="track_enter"),
    path("track/order/<str:number>/", tracking.track_order, name="track_order"),
    *quote_urls,
    *answer_urls,
    *standing_urls,
    *rate_urls,
    *pricing_urls,
    *edit_rule_urls,
    *carrier_urls,
    *recommendation_urls,
    *risk_urls,
    *risk_rule_urls,
    *sourcing_urls,
    *what_if_urls,
]
