"""The WSGI entry point that granian (or any WSGI server) serves."""

import os
import tempfile
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
# a page's statement ends after 10 s; commands and migrations have no such limit
os.environ.setdefault("OMS_STATEMENT_TIMEOUT_MS", "10000")
# web processes share a folder, so that /metrics answers for all of them
os.environ.setdefault(
    "PROMETHEUS_MULTIPROC_DIR",
    str(Path(os.environ.get("OMS_VAR") or tempfile.gettempdir()) / "metrics"),
)
Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

application = get_wsgi_application()
