"""Messages: dedupe, the sandbox of wordings, keeping, sending and what is never repeated."""

import socket
import threading
from email import message_from_bytes
from email.policy import default

import pytest
from django.db import connections, transaction
from django.utils import timezone

from core import message_templates, messages, wording
from core.errors import NotPossible
from core.message_kinds import MessageKind
from core.models import Message, MessageStatus, MessageTemplate
from core.wording import WordingBroken

SHIPPED = messages.register_kind(
    MessageKind(
        code="test_shipped",
        label="Shipped",
        subject_type="thing",
        variables={"number": "SO-1", "name": "Ada", "lines": [{"sku": "MUG", "quantity": 2}]},
        subject="{{ number }} is on its way",
        body="Hello {{ name }},\n{% for line in lines %}- {{ line.quantity }} x {{ line.sku }}\n"
        "{% endfor %}",
        sample=lambda subject_id: {"number": f"SO-{subject_id}", "name": "Eve", "lines": []},
    )
)
VARIABLES = {"number": "SO-7", "name": "Bo <b>", "lines": [{"sku": "LAMP", "quantity": 1}]}


def queue(dedupe: str = "shipped:7", **more) -> Message | None:
    values = {"subject_id": 7, "to": "bo@example.com", "variables": VARIABLES, **more}
    return messages.queue(SHIPPED, dedupe=dedupe, **values)


def test_without_a_mail_server_a_message_is_written_and_kept_here(db):
    message = queue()
    assert messages.send_due() == 1
    message.refresh_from_db()
    assert message.status == MessageStatus.KEPT
    assert message.subject == "SO-7 is on its way"
    assert message.body == "Hello Bo <b>,\n- 1 x LAMP\n"


def test_there_is_at_most_one_message_per_dedupe_key(db):
    assert queue() is not None
    assert queue() is None
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_racing_handlers_one_queues_the_message():
    barrier = threading.Barrier(6)
    queued: list[bool] = []

    def work() -> None:
        barrier.wait()
        try:
            with transaction.atomic():
                queued.append(queue() is not None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(queued) == [False] * 5 + [True]
    # the rows are for good; a test that committed them takes them back by the truncation after it


def test_a_kind_switched_off_sends_nothing_but_a_person_may_resend(db):
    message_templates.save(SHIPPED, subject="x", body="y", is_on=False)
    message = queue()
    messages.send_due()
    message.refresh_from_db()
    assert message.status == MessageStatus.OFF
    again = messages.resend(message.pk)
    messages.send_due()
    again.refresh_from_db()
    assert (again.status, again.resent_of_id) == (MessageStatus.KEPT, message.pk)


def test_a_message_on_its_way_is_not_resent(db):
    with pytest.raises(NotPossible):
        messages.resend(queue().pk)


# --- wordings ---------------------------------------------------------------------------------


def test_a_saved_wording_is_in_force_and_the_default_can_be_restored(db):
    message_templates.save(SHIPPED, subject="Gone: {{ number }}", body="Bye {{ name }}")
    assert message_templates.in_force(SHIPPED).subject == "Gone: {{ number }}"
    message_templates.restore(SHIPPED)
    assert message_templates.in_force(SHIPPED).subject == SHIPPED.subject
    assert message_templates.history(SHIPPED, language="", channel_id=None).count() == 2


def test_a_language_goes_before_the_general_wording(db):
    message_templates.save(SHIPPED, subject="Unterwegs", body="Hallo", language="de")
    assert message_templates.in_force(SHIPPED, language="de").subject == "Unterwegs"
    assert message_templates.in_force(SHIPPED, language="fr").subject == SHIPPED.subject
    message_templates.restore(SHIPPED, language="de")
    assert message_templates.in_force(SHIPPED, language="de").subject == SHIPPED.subject


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("one\ntwo {{ nme }}", 2, "no variable “nme”"),
        ("one\n{% if name %}\nthree", 2, "Unclosed tag"),
        ("one\n\n{% load static %}", 3, "load"),
        ("{% include 'base.html' %}", 1, "include"),
        ("{% debug %}", 1, "debug"),
        ("{% url 'home' %}", 1, "url"),
        ("{% extends 'base.html' %}", 1, "extends"),
        ("{% lorem 100000 %}", 1, "lorem"),
        ("{% now 'Y' %}", 1, "now"),
        ("{{ name|safe }}", 1, "safe"),
        ("{{ name|center:100000000 }}", 1, "center"),
        ("{{ name|pprint }}", 1, "pprint"),
        ("{{ name.__class__ }}", 1, "underscores"),
        ("{{ settings.SECRET_KEY }}", 1, "no variable"),
        ("{{ request.user }}", 1, "no variable"),
        ("   ", 0, "Write a text"),
    ],
)
def test_a_broken_wording_is_refused_with_its_line_and_the_old_one_stays(db, body, line, words):
    with pytest.raises(WordingBroken) as refused:
        message_templates.save(SHIPPED, subject="Fine", body=body)
    assert words in refused.value.message
    assert (refused.value.field, refused.value.line) == ("body", line)
    assert MessageTemplate.objects.count() == 0


def test_loops_within_loops_within_loops_are_refused(db):
    nested = "{% for a in lines %}{% for b in lines %}{% for c in lines %}x" + "{% endfor %}" * 3
    with pytest.raises(WordingBroken, match="Loops"):
        message_templates.save(SHIPPED, subject="Fine", body=nested)
    hidden = "{% for a in lines %}{% if a %}{% with b=a %}{% for b in lines %}{% for c in lines %}x"
    hidden += "{% endfor %}{% endfor %}{% endwith %}{% endif %}{% endfor %}"
    with pytest.raises(WordingBroken, match="Loops"):
        message_templates.save(SHIPPED, subject="Fine", body=hidden)
    with pytest.raises(WordingBroken, match="nested too deeply"):
        message_templates.save(
            SHIPPED, subject="Fine", body="{% if name %}" * 800 + "{% endif %}" * 800
        )


def test_the_preview_shows_a_real_subject(db):
    shown = message_templates.preview(SHIPPED, subject="{{ number }}", body="{{ name }}")
    assert shown.subject == "SO-1"
    shown = message_templates.preview(
        SHIPPED, subject="{{ number }}", body="{{ name }}", subject_id=42
    )
    assert (shown.subject, shown.text) == ("SO-42", "Eve\n")


def test_values_and_wording_alike_are_only_text_in_the_html_part():
    filled = wording.render("s", "<script>x</script> {{ name }}", {"name": "<img onerror=x>"})
    assert "<script" not in filled.html
    assert "<img" not in filled.html
    assert "&lt;img" in filled.html


def test_a_subject_is_one_line_without_marks_that_turn_it_round():
    filled = wording.render("{{ name }}", "x", {"name": "Hi\r\nBcc: all@example.com\u202e!"})
    assert filled.subject == "Hi Bcc: all@example.com !"


def test_the_context_of_a_wording_cannot_be_changed_by_it():
    variables = {"lines": [{"sku": "A"}], "name": "x"}
    wording.render("s", "{{ lines.clear }}{{ lines.0.clear }}", variables)
    assert variables["lines"] == [{"sku": "A"}]


# --- sending ----------------------------------------------------------------------------------


class MailServer:
    """A mail server on loopback: it keeps what it is given and can be told how to behave."""

    def __init__(self) -> None:
        self.got: list = []
        self.sessions = 0
        self.answer_to_data = "250 kept"
        self.hangs_up_after_data = False
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.sessions += 1
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:

            def say(line: str) -> None:
                stream.write(f"{line}\r\n".encode())
                stream.flush()

            say("220 test")
            while line := stream.readline():
                word = line.split()[0].upper() if line.split() else b""
                if word == b"DATA":
                    say("354 go on")
                    body = b""
                    while (part := stream.readline()) not in (b".\r\n", b""):
                        body += part
                    self.got.append(message_from_bytes(body, policy=default))
                    if self.hangs_up_after_data:
                        return
                    say(self.answer_to_data)
                elif word == b"QUIT":
                    say("221 bye")
                    return
                elif word == b"EHLO":
                    say("250 test")
                else:
                    say("250 fine")


@pytest.fixture
def mail(settings):
    server = MailServer()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    yield server
    server.socket.close()


def sent(message: Message) -> Message:
    messages.send_due()
    message.refresh_from_db()
    return message


def test_with_a_mail_server_it_goes_out_as_text_and_html(db, mail):
    message = sent(queue())
    assert (message.status, message.last_error) == (MessageStatus.SENT, "")
    (got,) = mail.got
    assert (got["To"], got["Subject"]) == ("bo@example.com", "SO-7 is on its way")
    assert got["Auto-Submitted"] == "auto-generated"
    assert "Hello Bo <b>," in got.get_body(("plain",)).get_content()
    assert "Hello Bo &lt;b&gt;," in got.get_body(("html",)).get_content()


def test_in_training_no_message_leaves(db, mail, settings):
    settings.IS_TRAINING = True
    assert sent(queue()).status == MessageStatus.KEPT
    assert mail.sessions == 0


def test_an_outcome_that_nobody_knows_is_never_repeated_by_itself(db, mail):
    mail.hangs_up_after_data = True
    message = sent(queue())
    assert message.status == MessageStatus.UNKNOWN
    Message.objects.filter(pk=message.pk).update(next_attempt_at=timezone.now())
    messages.send_due()
    assert len(mail.got) == 1


def test_a_worker_lost_while_sending_leaves_the_outcome_unknown(db, mail):
    message = queue()
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENDING)
    assert sent(message).status == MessageStatus.UNKNOWN
    assert mail.sessions == 0


def test_a_refusal_for_good_fails_and_one_for_now_is_tried_again(db, mail):
    mail.answer_to_data = "554 spam"
    assert sent(queue("a")).status == MessageStatus.FAILED
    mail.answer_to_data = "451 later"
    message = sent(queue("b"))
    assert (message.status, message.attempts) == (MessageStatus.QUEUED, 1)
    assert message.next_attempt_at > timezone.now()


def test_a_mail_server_that_is_away_costs_attempts_and_parks_after_five(db, mail, settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    message = queue()
    for _ in range(6):
        Message.objects.filter(pk=message.pk).update(next_attempt_at=timezone.now())
        messages.send_due()
    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.FAILED, 5)
    assert messages.retry([message.pk]) == 1


@pytest.mark.parametrize("to", ["nobody", "a@b.c\nBcc: x@y.z", "", "a@example.com, b@example.com"])
def test_an_address_that_is_none_fails_with_a_sentence(db, mail, to):
    message = sent(queue(to=to))
    assert message.status == MessageStatus.FAILED
    assert "is no e-mail address" in message.last_error
    assert mail.got == []


def test_a_message_whose_wording_cannot_be_filled_fails_with_a_sentence(db):
    MessageTemplate.objects.create(
        kind=SHIPPED.code,
        subject="x",
        body="{% if %}",
        saved_at=timezone.now(),
        actor_kind="system",
        actor_label="System",
    )
    message = sent(queue())
    assert message.status == MessageStatus.FAILED
    assert message.last_error.startswith("Line 1") or message.last_error
