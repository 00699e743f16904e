"""Colleagues as machines name them: by their e-mail address."""

from typing import Annotated

from pydantic import StringConstraints

from core.api.shapes import NO_NUL
from core.models import User
from orders.errors import CannotAssign

Email = Annotated[str, StringConstraints(max_length=254, pattern=NO_NUL)]


def colleague(email: str | None, *, field: str = "email") -> User | None:
    """The member of staff with this address; None where none is named. Raises CannotAssign."""
    if not email:
        return None
    user: User | None = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CannotAssign("Nobody here has this e-mail address; check it.", field=field)
    return user
