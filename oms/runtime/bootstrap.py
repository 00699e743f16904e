"""The first step of ./run: any Python 3.11 makes the environment, then its Python takes over."""

import os
import sys
import time

from oms.runtime import installing
from oms.runtime.layout import venv_folder
from oms.runtime.progress import BEGAN, Stages, Stopped

NEEDS_NOTHING = {"help", "--help", "-h"}
NEEDS_DEV = {"test", "check", "lock", "bench"}


def main(arguments: list[str]) -> int:
    """Install what the command needs and replace this process by the environment's Python."""
    began = time.monotonic()
    command = arguments[0] if arguments else ""
    if command in NEEDS_NOTHING:
        from oms.runtime import cli  # noqa: PLC0415 (everything else runs inside the environment)

        return cli.main(arguments)
    venv = venv_folder(os.environ)
    try:
        if not os.environ.get("OMS_VENV"):
            installing.ensure_installed(venv, dev=command in NEEDS_DEV, stages=Stages())
    except (Stopped, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    os.environ[BEGAN] = str(began)
    python = str(installing.python_of(venv))
    os.execv(python, [python, "-P", "-m", "oms.runtime.cli", *arguments])  # noqa: S606
    raise AssertionError("unreachable: this process has become the environment's Python")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
