"""The risk check: orders scored, held or put before people, and the versions of its rules."""

from orders.services.screening.backtesting import request_backtest, run_backtest
from orders.services.screening.blocking import block_buyer, list_value
from orders.services.screening.reviewing import (
    REVIEW_LATE,
    approve_order,
    follow_over,
    follow_released,
    refuse_order,
    review_order,
    watch_reviews,
)
from orders.services.screening.ruling import (
    draft_rules,
    go_live,
    retire_rules,
    save_rules,
)
from orders.services.screening.scoring import score_like, score_order, score_waiting
from orders.services.screening.signalling import record_signal
from orders.services.screening.usual import refresh_usual

__all__ = [
    "REVIEW_LATE",
    "approve_order",
    "block_buyer",
    "draft_rules",
    "follow_over",
    "follow_released",
    "go_live",
    "list_value",
    "record_signal",
    "refresh_usual",
    "refuse_order",
    "request_backtest",
    "retire_rules",
    "review_order",
    "run_backtest",
    "save_rules",
    "score_like",
    "score_order",
    "score_waiting",
    "watch_reviews",
]
