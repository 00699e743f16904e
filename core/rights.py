"""Rights: what a role may do; each app names its own in its rights.py."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    SALES = "sales", "Sales agent"
    WAREHOUSE = "warehouse", "Warehouse"
    FINANCE = "finance", "Finance"
    RETURNS = "returns", "Returns desk"
    MANAGER = "manager", "Manager"
    ADMIN = "admin", "Admin"


EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Right:
    """One right: its code (`app.verb`), the words people read and the roles that hold it."""

    code: str
    label: str
    roles: frozenset[Role]


_rights: dict[str, Right] = {}


def right(code: str, label: str, *roles: Role, only_admin: bool = False) -> Right:
    """Name a right. Managers and admins hold every right but those of admins only."""
    leading = {Role.ADMIN} if only_admin else {Role.MANAGER, Role.ADMIN}
    named = Right(code, label, frozenset({*roles, *leading}))
    if _rights.setdefault(code, named) != named:
        raise ValueError(f"the right {code} is named twice")
    return named


def all_rights() -> list[Right]:
    """Every right there is, by code."""
    return [_rights[code] for code in sorted(_rights)]


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """The codes of all rights that any of these roles holds."""
    held = set(roles)
    return frozenset(code for code, named in _rights.items() if held & named.roles)


SEE_BACK_OFFICE = right("core.enter", "Enter the back office", *Role)
SEE_JOBS = right("core.jobs", "See jobs and imports", *Role)
SEE_HEALTH = right("core.health", "See the health page and failed work")
EDIT_MESSAGES = right("core.messages", "Edit message templates and read sent messages", Role.SALES)
SEE_AUDIT = right("core.audit", "Read the audit log", Role.FINANCE)
EDIT_SETTINGS = right("core.settings", "Change settings", only_admin=True)
EDIT_WEBHOOKS = right("core.webhooks", "Set up webhooks and read what they sent")
EDIT_RULES = right("core.rules", "Write automation rules and read what they did")
EDIT_USERS = right("core.users", "Manage users and roles", only_admin=True)
EDIT_API_KEYS = right("core.api_keys", "Make and revoke API keys", only_admin=True)
