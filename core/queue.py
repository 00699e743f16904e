"""The queue is only a wake-up: losing a call costs seconds, never work."""

import logging
import time

from celery import current_app
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

QUIET_SECONDS = 0.05
MOST_REMEMBERED = 1_000
_last_wake: dict[str, float] = {}


def wake_on_commit(task: str, *args: int) -> None:
    """Call the named task once the open transaction has committed; `args` are ids at most.

    Calls that follow within 50 ms in one process are one call: the relay goes on until nothing is
    due, and the sweeper finds within seconds what it missed.
    """
    if settings.OMS_WAKES_WORKERS:
        transaction.on_commit(lambda: _wake(task, args), robust=True)


def _wake(task: str, args: tuple[int, ...]) -> None:
    now, call = time.monotonic(), f"{task}{args}"
    if now - _last_wake.get(call, 0.0) < QUIET_SECONDS:
        return
    if len(_last_wake) > MOST_REMEMBERED:
        _last_wake.clear()
    _last_wake[call] = now
    try:
        current_app.send_task(task, args)
    except Exception:  # noqa: BLE001  (the broker is down; pages must go on)
        logger.warning("the queue could not be woken for %s; the sweeper will find the work", task)
