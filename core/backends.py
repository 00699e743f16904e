"""How a signed-in user is fetched: in one query, with whether a second factor guards the account."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.models import User


class StaffBackend(ModelBackend):
    """Knows active users only; `user.has_second_factor` stands on every user it returns."""

    def get_user(self, user_id: Any) -> User | None:
        user: User | None = with_second_factor(User.objects.active()).filter(pk=user_id).first()
        return user


def with_second_factor(users: Any) -> Any:
    """Annotate `has_second_factor`: a confirmed device exists."""
    devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return users.annotate(has_second_factor=Exists(devices))
