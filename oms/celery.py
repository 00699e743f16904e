"""The Celery application: a wake-up call for work that PostgreSQL holds."""

import os
from pathlib import Path

from celery import Celery
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")

app = Celery("oms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def tell_ready(**_: object) -> None:
    """Touch the file that whoever started this process is watching for."""
    if path := os.environ.get("OMS_READY_FILE"):
        Path(path).touch()


worker_ready.connect(tell_ready)
beat_init.connect(tell_ready)
