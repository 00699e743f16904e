"""The words at the end of a start: where it is, who can log in, what to try first."""

from collections.abc import Sequence

from oms.runtime.layout import ROOT, Layout
from oms.runtime.state import Note

TO_TRY = (
    "Open Home: it lists what needs attention, and each line says what mends it.",
    "Open an order, follow its timeline, and print its packing slip as a PDF.",
    "Fulfil an order: Pick and pack, ship it, and open the customer's page from the order.",
)


def welcome(url: str, logins: Sequence[Sequence[str]], layout: Layout, *, training: bool) -> str:
    """What a newcomer needs, and nothing else."""
    lines = [
        "",
        f"  Open  {url}/" + ("   (training store: nothing here is real)" if training else ""),
    ]
    if logins:
        lines += ["", "  Log in as"]
        role_width = max(len(row[0]) for row in logins)
        mail_width = max(len(row[1]) for row in logins)
        lines += [
            f"    {role:<{role_width}}  {email:<{mail_width}}  {password}"
            for role, email, password in logins
        ]
        lines += ["", "  Three things to try"]
        lines += [f"    {number}. {text}" for number, text in enumerate(TO_TRY, start=1)]
    if training:
        lines += [
            "",
            f"  Your first hour: {url}/training/ (eight tasks; the manager may do them all)",
            "  Start over with: ./run reset --training",
        ]
    lines += [
        "",
        f"  Data and logs are in {layout.var}. Ctrl-C stops everything; the data stays.",
        "",
    ]
    return "\n".join(lines)


def already_running(layout: Layout, note: Note | None) -> str:
    """What a second start on the same data folder says."""
    if note is None:
        return f"Another ./run is just starting on {layout.var}."
    if note.command != "run":
        return (
            f"`./run {note.command}` (process {note.pid}) is using {layout.var}. "
            "Start again when it is done, or set OMS_VAR to another folder."
        )
    where = f"at {note.url}/" if note.url else "and is still starting"
    return (
        f"Already running {where} (process {note.pid}, data in {layout.var}).\n"
        f"Stop it with Ctrl-C in its terminal or: kill {note.pid}\n"
        f"A second store beside it: OMS_VAR={ROOT / 'var-two'} ./run"
    )
