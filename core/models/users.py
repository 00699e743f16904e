"""The people who work here."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from core.actors import Actor, ActorKind
from core.rights import Right, Role, rights_of


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)


class UserAccounts(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users; Django's login machinery asks for these names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email,
            password,
            **{"is_superuser": True, "is_staff": True, "roles": [Role.ADMIN], **fields},
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email__iexact=username)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One member of staff. The e-mail address is the login name; roles give rights (core.rights)."""

    class Theme(models.TextChoices):
        AUTO = "auto", "As the device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        COMPACT = "compact", "Compact"
        DEFAULT = "default", "Default"
        COMFORTABLE = "comfortable", "Comfortable"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=list, blank=True
    )
    is_staff = models.BooleanField("may open the admin", default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    theme = models.CharField(max_length=12, choices=Theme.choices, default=Theme.AUTO)
    density = models.CharField(max_length=12, choices=Density.choices, default=Density.DEFAULT)
    has_shortcuts = models.BooleanField("single-key shortcuts", default=True)
    session_round = models.PositiveIntegerField(
        default=0, help_text="Counted up, it ends every session of this user."
    )

    objects: ClassVar[UserAccounts] = UserAccounts()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="core_user_email_once"),)

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to stay good: a new password or round ends it."""
        return salted_hmac(
            "core.User.session",
            f"{self.password}{self.session_round}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @cached_property
    def right_codes(self) -> frozenset[str]:
        return rights_of(Role if self.is_superuser else self.roles)

    def has_right(self, right: Right | str) -> bool:
        """Whether a role of this user holds the right."""
        code = right if isinstance(right, str) else right.code
        return self.is_active and code in self.right_codes

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.USER, str(self.pk), str(self))
