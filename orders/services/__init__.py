"""The verbs of orders: the doors that upper apps and pages call."""

from orders.services.answering import (
    accept_quotation,
    convert_quotation,
    decline_quotation,
    expire_quotations,
)
from orders.services.asking_day import ask_deliver_by
from orders.services.assigning import assign_order, mark_seen, stop_watching, watch_order
from orders.services.cancelling import CancelPreview, cancel_order, expire_order, preview_cancel
from orders.services.editing import (
    add_note,
    change_shipping_address,
    match_line,
    set_custom_fields,
    set_tags,
)
from orders.services.explaining import explain_changes
from orders.services.falling_due import place_refused_run, place_standing_orders
from orders.services.foretold import cancel_external, claim_external_id
from orders.services.fulfilling import (
    lock_fulfilment,
    record_delivered,
    record_packed,
    record_shipped,
    record_short,
    start_work,
    undo_packing,
    undo_start,
)
from orders.services.holding import claim_hold, hold_order, release_hold, release_holds
from orders.services.linking import (
    issue_quotation_link,
    issue_tracking_link,
    order_of_token,
    quotation_of_token,
)
from orders.services.measuring import record_transit, refresh_lanes
from orders.services.merging import merge_orders
from orders.services.money import grant_credit, record_money
from orders.services.offering import (
    duplicate_quotation,
    revise_quotation,
    save_quotation,
    send_quotation,
    withdraw_quotation,
)
from orders.services.placing import place_order, place_orders
from orders.services.promising_baskets import promise_basket
from orders.services.quoted import draft_quoted
from orders.services.recommending import record_shown, record_taken, refresh_pairs
from orders.services.repeating import (
    end_standing_order,
    pause_standing_order,
    resume_standing_order,
    save_standing_order,
    skip_standing_order,
)
from orders.services.repromising import change_promise, promise_from_payment, refresh_expected
from orders.services.reshipping import reship_order
from orders.services.resourcing import (
    override_sourcing,
    resource_due,
    resource_order,
    resource_orders,
)
from orders.services.returning import record_return_requested, record_returned
from orders.services.shipping_by import set_shipping_service
from orders.services.sourcing_rules import move_rule
from orders.services.splitting import preview_split, split_order
from orders.services.sweeping import expire_unpaid, release_due_holds, warn_of_expiry
from orders.services.telling import confirm_to_customer
from orders.services.waiting import allocate_now, record_filled, record_lost

__all__ = [
    "CancelPreview",
    "accept_quotation",
    "add_note",
    "allocate_now",
    "ask_deliver_by",
    "assign_order",
    "cancel_external",
    "cancel_order",
    "change_promise",
    "change_shipping_address",
    "claim_external_id",
    "claim_hold",
    "confirm_to_customer",
    "convert_quotation",
    "decline_quotation",
    "draft_quoted",
    "duplicate_quotation",
    "end_standing_order",
    "expire_order",
    "expire_quotations",
    "expire_unpaid",
    "explain_changes",
    "grant_credit",
    "hold_order",
    "issue_quotation_link",
    "issue_tracking_link",
    "lock_fulfilment",
    "mark_seen",
    "match_line",
    "merge_orders",
    "move_rule",
    "order_of_token",
    "override_sourcing",
    "pause_standing_order",
    "place_order",
    "place_orders",
    "place_refused_run",
    "place_standing_orders",
    "preview_cancel",
    "preview_split",
    "promise_basket",
    "promise_from_payment",
    "quotation_of_token",
    "record_delivered",
    "record_filled",
    "record_lost",
    "record_money",
    "record_packed",
    "record_return_requested",
    "record_returned",
    "record_shipped",
    "record_short",
    "record_shown",
    "record_taken",
    "record_transit",
    "refresh_expected",
    "refresh_lanes",
    "refresh_pairs",
    "release_due_holds",
    "release_hold",
    "release_holds",
    "reship_order",
    "resource_due",
    "resource_order",
    "resource_orders",
    "resume_standing_order",
    "revise_quotation",
    "save_quotation",
    "save_standing_order",
    "send_quotation",
    "set_custom_fields",
    "set_shipping_service",
    "set_tags",
    "skip_standing_order",
    "split_order",
    "start_work",
    "stop_watching",
    "undo_packing",
    "undo_start",
    "warn_of_expiry",
    "watch_order",
    "withdraw_quotation",
]
