"""The second factor: enrol, confirm, verify and remove; codes are good once."""

import base64
import hashlib
import secrets
from io import BytesIO

import segno
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import events, outbox, people
from core.errors import DomainError
from core.models import User

RECOVERY_CODES = 10
TOTP_DIGITS = 6


class WrongCode(DomainError):
    code = "wrong_code"


def device_of(user: User) -> TOTPDevice | None:
    """The confirmed device of the user."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    return found


def begin(user: User) -> TOTPDevice:
    """A device that waits for its first code; an earlier unfinished one is used again."""
    device: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="Authenticator", confirmed=False)


def confirm(user: User, code: str) -> tuple[Device, list[str]]:
    """The first right code makes the device count. Returns it and the recovery codes, shown once.

    Every session of the user ends; the caller signs the present one in anew.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or not device.verify_token(_plain(code)):
            raise WrongCode(
                "That code is not right. Wait for the next one and type it.", field="code"
            )
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = _write_recovery_codes(user)
        outbox.publish(events.SecondFactorAdded(user_id=user.pk))
        people.end_sessions(user_id=user.pk)
    return device, codes


def verify(user: User, code: str) -> Device | None:
    """The device that took the code; None for a wrong, used or too early one.

    Rows are locked, so that one code sent twice at once counts once; the devices slow guessing down.
    """
    plain = _plain(code)
    is_totp = plain.isdigit() and len(plain) == TOTP_DIGITS
    model = TOTPDevice if is_totp else StaticDevice
    token = plain if is_totp else _digest(plain)
    with transaction.atomic():
        for device in model.objects.select_for_update().filter(user=user, confirmed=True):
            allowed, _why = device.verify_is_allowed()
            if allowed and device.verify_token(token):
                return device
    return None


def remove(*, user_id: int) -> None:
    """Take the second factor and its recovery codes away."""
    with transaction.atomic():
        gone, _ = TOTPDevice.objects.filter(user_id=user_id).delete()
        StaticDevice.objects.filter(user_id=user_id).delete()
        if gone:
            outbox.publish(events.SecondFactorRemoved(user_id=user_id))


def renew_recovery_codes(user: User) -> list[str]:
    """New recovery codes; the old ones are void."""
    with transaction.atomic():
        codes = _write_recovery_codes(user)
        outbox.publish(events.RecoveryCodesRenewed(user_id=user.pk))
    return codes


def codes_left(user: User) -> int:
    return int(StaticDevice.objects.filter(user=user, token_set__isnull=False).count())


def _write_recovery_codes(user: User) -> list[str]:
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "Recovery codes"})
    device.token_set.all().delete()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=_digest(_plain(code)))
    return codes


def _new_code() -> str:
    """80 bits of chance in four readable groups."""
    raw = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(raw[i : i + 4] for i in range(0, 16, 4))


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _digest(code: str) -> str:
    """What is kept of a recovery code: enough to know it again, not to use it."""
    return base64.b32encode(hashlib.sha256(code.encode()).digest()).decode()[:16].lower()


def qr_code(device: TOTPDevice) -> SafeString:
    """The device's address as an SVG that authenticator apps scan."""
    out = BytesIO()
    segno.make(device.config_url, error="m").save(
        out,
        kind="svg",
        scale=5,
        border=4,
        xmldecl=False,
        svgns=True,
        title="QR code",
        dark="#000",
        light="#fff",
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308  segno's own drawing, no input in it


def secret_of(device: TOTPDevice) -> str:
    """The key as people type it, in groups of four."""
    raw = base64.b32encode(device.bin_key).decode()
    return " ".join(raw[i : i + 4] for i in range(0, len(raw), 4))
