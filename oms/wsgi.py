"""The WSGI entry point that granian (or any WSGI server) serves."""

import os
import tempfile
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
# a page's statement ends after 10 s; commands and migrations have no such limit
os.environ.setdefault("OMS_STATEMENT_TIMEOUT_MS", "10000")
# web processes share a folder, so that /metrics answers for all of them
figures = Path(
    os.environ.setdefault(
        "PROMETHEUS_MULTIPROC_DIR",
        str(Path(os.environ.get("OMS_VAR") or tempfile.gettempdir()) / "metrics"),
    )
)
figures.mkdir(parents=True, exist_ok=True)
for file in figures.glob("*.db"):
    # a process that is no more counts no more
    pid = file.stem.rpartition("_")[2]
    if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc").exists():
        file.unlink(missing_ok=True)

application = get_wsgi_application()
