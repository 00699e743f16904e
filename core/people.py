"""Verbs on the people who work here: invite, change, deactivate; an admin always stays."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core import events, outbox
from core.actors import acting
from core.errors import DomainError
from core.models import User
from core.rights import Role


class LastAdmin(DomainError):
    """Nobody would be left who may manage users."""

    code = "last_admin"


class OwnAccount(DomainError):
    """Nobody raises or removes their own rights."""

    code = "own_account"


class EmailTaken(DomainError):
    code = "email_taken"


def invite_user(
    *, email: str, name: str, roles: Sequence[str], may_open_admin: bool = False
) -> User:
    """Make an account without a password; a link sets the first one (`password_link`)."""
    with transaction.atomic():
        if User.objects.filter(email__iexact=email).exists():
            raise EmailTaken("An account with this e-mail address exists already.", field="email")
        user = User.objects.create_user(
            email, None, name=name, roles=_in_order(roles), is_staff=may_open_admin
        )
        outbox.publish(events.UserInvited(user_id=user.pk, roles=_labels(user.roles)))
    return user


def change_user(
    *, user_id: int, by: User, name: str, roles: Sequence[str], may_open_admin: bool
) -> User:
    """Change name, roles and access to the admin. Raises OwnAccount when rights are one's own."""
    with transaction.atomic():
        user = _locked(user_id)
        new_roles = _in_order(roles)
        touches_rights = set(new_roles) != set(user.roles) or may_open_admin != user.is_staff
        if touches_rights and user.pk == by.pk:
            raise OwnAccount("Your own rights are changed by another admin.", field="roles")
        if Role.ADMIN in user.roles and Role.ADMIN not in new_roles:
            _refuse_last_admin(user)
        changes = {
            "name": (user.name, name),
            "roles": (_labels(user.roles), _labels(new_roles)),
            "may open the admin": (user.is_staff, may_open_admin),
        }
        user.name, user.roles, user.is_staff = name, new_roles, may_open_admin
        user.save(update_fields=["name", "roles", "is_staff"])
        changed = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
        if changed:
            outbox.publish(events.UserChanged(user_id=user.pk), changes=changed)
    return user


def deactivate_user(*, user_id: int, by: User) -> None:
    """Close the account: its sessions end with the next request."""
    with transaction.atomic():
        user = _locked(user_id)
        if user.pk == by.pk:
            raise OwnAccount("Your own account is closed by another admin.")
        if not user.is_active:
            return
        if Role.ADMIN in user.roles:
            _refuse_last_admin(user)
        user.is_active = False
        user.session_round += 1
        user.save(update_fields=["is_active", "session_round"])
        outbox.publish(events.UserDeactivated(user_id=user.pk))


def reactivate_user(*, user_id: int) -> None:
    with transaction.atomic():
        user = _locked(user_id)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            outbox.publish(events.UserReactivated(user_id=user.pk))


def end_sessions(*, user_id: int) -> User:
    """Sign the user out everywhere."""
    with transaction.atomic():
        user = _locked(user_id)
        user.session_round += 1
        user.save(update_fields=["session_round"])
        outbox.publish(events.SessionsEnded(user_id=user.pk))
    return user


def change_password(*, user: User, password: str) -> None:
    """Set a new password; every other session ends."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        outbox.publish(events.PasswordChanged(user_id=user.pk))


def note_password_set(user: User) -> None:
    """A link set the user's password."""
    with transaction.atomic(), acting(user.actor):
        outbox.publish(events.PasswordChanged(user_id=user.pk))


def ask_password_link(*, email: str) -> None:
    """Have a link sent that sets a new password; silent when nobody has that address."""
    user = User.objects.active().filter(email__iexact=email).first()
    if user is not None:
        with transaction.atomic():
            outbox.publish(events.PasswordLinkAsked(user_id=user.pk))


def password_link(user: User) -> str:
    """A link that sets the user's password once; it grows old with PASSWORD_RESET_TIMEOUT."""
    path = reverse(
        "password_set",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )
    return f"{settings.BASE_URL}{path}"


def send_password_link(*, user_id: int) -> None:
    """Mail the link. It never passes through the outbox page, where colleagues could read it."""
    user = User.objects.active().filter(pk=user_id).first()
    if user is None:
        return
    context = {"link": password_link(user), "days": settings.PASSWORD_RESET_TIMEOUT // 86_400}
    send_mail(
        render_to_string("core/mail/password_link_subject.txt", context).strip(),
        render_to_string("core/mail/password_link.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [user.email],
    )


def mail_leaves() -> bool:
    """Whether mail is sent from here at all."""
    return bool(settings.EMAIL_URL) and not settings.IS_TRAINING


def _locked(user_id: int) -> User:
    user: User = User.objects.select_for_update().get(pk=user_id)
    return user


def _refuse_last_admin(user: User) -> None:
    """Lock every active admin, so that two of them cannot remove each other at once."""
    admins = User.objects.active().filter(roles__contains=[Role.ADMIN])
    others = [one for one in admins.select_for_update().order_by("pk") if one.pk != user.pk]
    if not others:
        raise LastAdmin(
            "This is the last admin. Give somebody else the admin role first.", field="roles"
        )


def _in_order(roles: Sequence[str]) -> list[str]:
    return [str(role) for role in Role if role in roles]


def _labels(roles: Sequence[str]) -> str:
    return ", ".join(str(Role(role).label) for role in roles) or "none"
