"""Who may open which address, as a page of the documentation."""

from core.access import Address, Door, addresses
from core.rights import Role

INTRO = (
    """# Who may open what

Every address of the back office, how it is closed and which roles open it. This page is written by
`./run manage access_map --write` from the marks on the views; a test holds it to the code, and another
walks every address as every role. The admin's own addresses (`/admin/`) open to users who
“may open the admin”, and to nobody else; those of the API (`/api/v1/`) open to programs with a key,
each operation behind a right of the same names (docs/api.md), and to no session.

| Address | Closed by | """
    + " | ".join(str(role.label) for role in Role)
    + " |\n|---|---|"
    + "---|" * len(Role)
    + "\n"
)


def as_markdown() -> str:
    """The whole page."""
    own = [one for one in addresses() if not (one.mark and one.mark.door in {Door.ADMIN, Door.KEY})]
    return INTRO + "".join(f"{_row(one)}\n" for one in sorted(own, key=lambda one: one.route))


def _row(address: Address) -> str:
    mark = address.mark
    if mark is None:
        return f"| `{address.route}` | **no mark: closed to everybody** |" + " |" * len(Role)
    if mark.right is None:
        words = "public" if mark.door is Door.PUBLIC else "signed in"
        return f"| `{address.route}` | {words} |" + " yes |" * len(Role)
    cells = "".join(" yes |" if role in mark.right.roles else " – |" for role in Role)
    return f"| `{address.route}` | {mark.right.code} |{cells}"
