"""Asks the web server on this machine whether it is ready; the health check of its container."""

import os
import sys
import urllib.error
import urllib.request

PATIENCE_SECONDS = 5


def main(path: str = "/readyz") -> int:
    """0 when it answers 200; it only answers to a host name that it is allowed to have."""
    port = os.environ.get("PORT", "8000")
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip("*.")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Host": host or "localhost"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310
            return 0 if response.status == 200 else 1
    except (urllib.error.URLError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
