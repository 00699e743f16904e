"""Messages on their way: queued with the change they tell of, sent by the worker, kept for good.

A message is one row in the caller's transaction, at most one per dedupe key. Where no mail server
is set up, and always in training, it is written and kept here for staff to read. A sending whose
outcome nobody knows is never repeated by itself.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from email.utils import formataddr, parseaddr
from smtplib import (
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from core import (
    actors,
    clock,
    documents,
    failures,
    leases,
    message_templates,
    transactions,
    wording,
)
from core.errors import DomainError, NotPossible
from core.message_kinds import MessageKind, all_kinds, kind_named, register_kind
from core.models import DocumentStatus, Message, MessageStatus
from core.queue import wake_on_commit

__all__ = ["MessageKind", "all_kinds", "kind_named", "queue", "register_kind", "resend"]

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
UNKNOWN = "The mail server took the message up but did not say what became of it."


def queue(
    kind: MessageKind | str,
    *,
    subject_id: int,
    to: str,
    variables: Mapping[str, Any],
    dedupe: str,
    language: str = "",
    channel_id: int | None = None,
) -> Message | None:
    """Let a message go out once the caller's transaction has committed.

    None when a message with this dedupe key was queued before: there is at most one of it.
    """
    named = kind_named(kind) if isinstance(kind, str) else kind
    message, is_new = Message.objects.get_or_create(
        dedupe=dedupe,
        defaults=_values(
            named,
            subject_id=subject_id,
            to=to,
            variables=dict(variables),
            language=language,
            channel_id=channel_id,
        ),
    )
    if not is_new:
        return None
    wake_on_commit("core.send_messages")
    return message


def _values(kind: MessageKind, **values: Any) -> dict[str, Any]:
    actor = actors.current().actor
    now = clock.now()
    return {
        "kind": kind.code,
        "label": kind.label,
        "subject_type": kind.subject_type,
        "queued_at": now,
        "next_attempt_at": now,
        "actor_kind": actor.kind,
        "actor_key": actor.key,
        "actor_label": actor.label[:150],
        **values,
    }


def for_subject(subject_type: str, subject_id: int) -> QuerySet[Message]:
    """The messages about one thing, newest first."""
    return Message.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-id")


def resend(message_id: int, *, to: str = "") -> Message:
    """Queue the same message again because a person wants it, in the wording in force now."""
    earlier = Message.objects.get(pk=message_id)
    if earlier.status in {MessageStatus.QUEUED, MessageStatus.SENDING}:
        raise NotPossible("This message is still on its way.")
    row = Message.objects.create(
        dedupe=f"again:{earlier.pk}:{uuid.uuid4()}",
        resent_of=earlier,
        **_values(
            kind_named(earlier.kind),
            subject_id=earlier.subject_id,
            to=to or earlier.to,
            variables=earlier.variables,
            language=earlier.language,
            channel_id=earlier.channel_id,
        ),
    )
    failures.resolve(failures.MESSAGE, "message", [earlier.pk])
    wake_on_commit("core.send_messages")
    return row


def are_sent() -> bool:
    """Whether messages leave this system: a mail server is set up and this is no training store."""
    return bool(settings.EMAIL_URL) and not settings.IS_TRAINING


def send_due(*, limit: int = 100) -> int:
    """Send, or keep, what is due; returns how many were tried."""
    transactions.refuse("messages were sent")
    post = Post()
    tried = 0
    try:
        while tried < limit:
            due = Message.objects.filter(
                status__in=(MessageStatus.QUEUED, MessageStatus.SENDING)
            ).select_related("channel__legal_entity")
            claimed = leases.claim(due, limit=1, now=timezone.now(), lease=LEASE)
            if not claimed:
                break
            _handle(claimed[0], post)
            tried += 1
    finally:
        post.close()
    return tried


def _handle(message: Message, post: "Post") -> None:
    if message.status == MessageStatus.SENDING:  # whoever sent it was lost on the way
        _end(message, MessageStatus.UNKNOWN, last_error=UNKNOWN)
        return
    try:
        if not _write_text(message):
            _end(message, MessageStatus.OFF)
        elif are_sent():
            _send(message, post)
        else:
            _end(message, MessageStatus.KEPT)
    except DomainError as error:
        _end(message, MessageStatus.FAILED, last_error=error.message)
    except Exception as error:
        logger.exception("message %s could not be sent", message.pk)
        _put_off(message, leases.explain(error))


def _write_text(message: Message) -> bool:
    """Fill the wording in force into the row; False where the kind is switched off."""
    kind = kind_named(message.kind)
    current = message_templates.in_force(
        kind, language=message.language, channel_id=message.channel_id
    )
    filled = wording.render(current.subject, current.body, message.variables)
    leases.mark(message, subject=filled.subject, body=filled.text)
    return current.is_on or message.resent_of_id is not None


def _end(message: Message, status: MessageStatus, **values: Any) -> None:
    is_ours = leases.mark(message, status=status, next_attempt_at=None, **values)
    if is_ours and status in {MessageStatus.FAILED, MessageStatus.UNKNOWN}:
        failures.tell_message(message)


def _put_off(message: Message, error: str) -> None:
    leases.put_off(message, error, now=timezone.now())
    if message.status == MessageStatus.FAILED:
        failures.tell_message(message)


class Post:
    """The connection to the mail server, opened when first needed and again after a failure."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def open(self) -> BaseEmailBackend:
        if self._connection is None:
            connection = get_connection(fail_silently=False)
            connection.open()
            self._connection = connection
        return self._connection

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, SMTPException):
                logger.info("the mail server had closed the connection")


def _send(message: Message, post: Post) -> None:
    """Hand over to the mail server. Until it is reached a failure is certain; from then on only its
    own refusal is, and anything else leaves the outcome unknown.
    """
    mail = _mail(message)
    _add_paper(mail, message)
    mail.connection = post.open()
    if not leases.mark(message, status=MessageStatus.SENDING):
        return
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        _refused(message, max(codes, default=550), f"The mail server refuses {message.to}.")
    except SMTPServerDisconnected as error:
        post.close()
        _end(message, MessageStatus.UNKNOWN, last_error=f"{UNKNOWN} ({error})")
    except SMTPResponseException as error:
        post.close()
        _refused(message, error.smtp_code, f"The mail server refused: {error.smtp_error!r}")
    except OSError as error:
        post.close()
        _end(message, MessageStatus.UNKNOWN, last_error=f"{UNKNOWN} ({error})")
    else:
        _end(message, MessageStatus.SENT, sent_at=timezone.now(), last_error="")


class PaperMissing(DomainError):
    """The document that goes along could not be made yet."""

    code = "paper_missing"


def _add_paper(mail: EmailMultiAlternatives, message: Message) -> None:
    """Put the kind's document in, made first where it is still to be made. A mail whose paper cannot
    be made here at all goes without: its text says the same.
    """
    code = kind_named(message.kind).paper
    if not code or not documents.pdf_available():
        return
    about = documents.for_subject(message.subject_type, message.subject_id)
    paper = about.filter(kind=code).first()
    if paper is None:
        return
    if paper.status != DocumentStatus.READY:
        paper = documents.render_now(paper)
    if paper.status == DocumentStatus.PENDING:
        raise RuntimeError(f"{paper.name} is still being made")  # tried again later
    if paper.status != DocumentStatus.READY:
        raise PaperMissing(f"{paper.name} could not be made; mend it, then resend the message.")
    mail.attach(f"{paper.name}.pdf", documents.content_of(paper), "application/pdf")


def _refused(message: Message, code: int, words: str) -> None:
    """A refusal for now (4xx) is tried again, one for good (5xx) is not."""
    if code < 500:
        _put_off(message, words)
    else:
        _end(message, MessageStatus.FAILED, last_error=words)


class AddressRefused(DomainError):
    """The address is none that mail can go to."""

    code = "address_refused"


def _mail(message: Message) -> EmailMultiAlternatives:
    try:
        validate_email(message.to)
    except ValidationError as error:
        raise AddressRefused(f"“{message.to}” is no e-mail address; mend it and resend.") from error
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    channel = message.channel
    reply_to = [channel.legal_entity.email] if channel and channel.legal_entity.email else []
    filled = wording.Wording(message.subject, message.body)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        from_email=formataddr((wording.one_line(channel.name), address)) if channel else address,
        to=[message.to],
        reply_to=reply_to,
        headers={
            "Message-ID": f"<message-{message.pk}@{address.rpartition('@')[2] or 'localhost'}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    html = render_to_string(
        "core/messages/mail.html", {"subject": message.subject, "html": filled.html}
    )
    mail.attach_alternative(html, "text/html")
    return mail


def send_test(
    kind: MessageKind, *, subject: str, body: str, to: str, subject_id: int | None
) -> None:
    """Send the wording in the editor to somebody at once, outside the record of messages."""
    if not are_sent():
        raise NotPossible("No mail server is set up here; read the preview instead.")
    transactions.refuse("a message was sent")
    filled = message_templates.preview(kind, subject=subject, body=body, subject_id=subject_id)
    trial = Message(pk=0, to=to, subject=f"Test: {filled.subject}", body=filled.text)
    try:
        _mail(trial).send()
    except (OSError, SMTPException) as error:
        raise NotPossible(f"The mail server did not take it: {error}") from error


def retry(message_ids: list[int]) -> int:
    """Let failed messages be tried again; returns how many had failed."""
    tried = leases.retry(Message, message_ids, now=timezone.now())
    failures.resolve(failures.MESSAGE, "message", message_ids)
    wake_on_commit("core.send_messages")
    return tried
