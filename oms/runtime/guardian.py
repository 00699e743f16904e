"""A small process that outlives the supervisor for a moment, to end whatever it left running.

It listens on its standard input: `add PID MARK SIGNAL` and `drop PID`. The end of that pipe means
that the supervisor is gone, however it went; every group still on the list is then asked to stop,
last started first, and killed when it does not. The kernel's own death signal covers the direct
children on Linux; the guardian also covers their children, and other systems.
"""

import signal
import sys

from oms.runtime.processes import group_is_alive, signal_group, started_at, wait_until

PATIENCE_SECONDS = 4.0


def main() -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(signal.Signals[name], signal.SIG_IGN)
    wards: dict[int, tuple[str, signal.Signals]] = {}
    for line in sys.stdin:
        match line.split():
            case ["add", pid, mark, number]:
                wards[int(pid)] = (mark, signal.Signals(int(number)))
            case ["drop", pid]:
                wards.pop(int(pid), None)
    end_all(wards)


def end_all(wards: dict[int, tuple[str, signal.Signals]]) -> None:
    """Ask every group to stop, wait a little, kill the rest."""
    # A number taken over by a later process is not ours; a dead leader's group still may be.
    ours = {pid: by for pid, by in wards.items() if started_at(pid) in {None, by[0]}}
    for pid, (_, number) in reversed(ours.items()):
        signal_group(pid, number)
    wait_until(lambda: not any(group_is_alive(pid) for pid in ours), seconds=PATIENCE_SECONDS)
    for pid in ours:
        if group_is_alive(pid):
            signal_group(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
