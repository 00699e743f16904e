"""How much memory this process has held."""

import resource
import sys
from pathlib import Path


def peak_memory_mb() -> int:
    """The most memory this process has held at once, in MiB. Read from /proc where there is one: what
    `getrusage` says begins with what the process held that started this one.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text()
        return round(int(status.partition("VmHWM:")[2].split(maxsplit=1)[0]) / 2**10)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))
