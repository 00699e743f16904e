"""Messages that were sent or kept, and the wordings staff edit."""

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import message_templates, messages, subjects
from core.access import requires, staff_of
from core.errors import DomainError
from core.forms.work import PlaceForm, PreviewForm, ResendForm, WordingForm
from core.message_kinds import MessageKind, subject_named
from core.models import Channel, Message, MessageStatus
from core.rights import EDIT_MESSAGES
from core.tables import MessageList
from core.wording import Wording, WordingBroken


@requires(EDIT_MESSAGES)
@require_GET
def message_list(request: HttpRequest) -> HttpResponse:
    return MessageList(request).respond(are_sent=messages.are_sent())


@requires(EDIT_MESSAGES)
@require_GET
def message_detail(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message as its reader got it, or would have got it."""
    message = get_object_or_404(Message.objects.select_related("channel"), pk=message_id)
    return render(request, "core/messages/message_detail.html", _shown(request, message))


def _shown(request: HttpRequest, message: Message) -> dict[str, object]:
    subjects.name_rows(staff_of(request), [message])
    return {
        "message": message,
        "html": Wording(message.subject, message.body).html,
        "resendings": message.resendings.order_by("-id")[:10],
        "form": ResendForm(initial={"to": message.to}),
        "is_on_its_way": message.status in {MessageStatus.QUEUED, MessageStatus.SENDING},
    }


@requires(EDIT_MESSAGES)
@require_POST
def message_resend(request: HttpRequest, message_id: int) -> HttpResponse:
    message = get_object_or_404(Message, pk=message_id)
    form = ResendForm(request.POST)
    if not form.is_valid():
        context = {**_shown(request, message), "form": form}
        return render(request, "core/messages/message_detail.html", context, status=422)
    try:
        again = messages.resend(message.pk, to=form.cleaned_data["to"])
    except DomainError as refusal:
        notices.error(request, refusal.message)
        return redirect("message_detail", message_id=message.pk)
    notices.success(request, f"Queued once more, to {again.to}.")
    return redirect("message_detail", message_id=again.pk)


@requires(EDIT_MESSAGES)
@require_GET
def wording_list(request: HttpRequest) -> HttpResponse:
    """Every kind of message, with the wordings it has."""
    kinds = [
        {
            "kind": kind,
            "current": message_templates.in_force(kind),
            "places": message_templates.places(kind),
        }
        for kind in messages.all_kinds()
        if staff_of(request).has_right(kind.right)
    ]
    return render(request, "core/messages/wording_list.html", {"kinds": kinds})


def _kind(request: HttpRequest, code: str) -> MessageKind:
    try:
        kind = messages.kind_named(code)
    except DomainError as unknown:
        raise Http404(unknown.message) from unknown
    if not staff_of(request).has_right(kind.right):
        raise Http404
    return kind


def _place(request: HttpRequest) -> tuple[str, Channel | None]:
    form = PlaceForm(request.GET)
    if not form.is_valid():
        return "", None
    return form.cleaned_data["language"], form.cleaned_data["channel"]


@requires(EDIT_MESSAGES)
@require_http_methods(["GET", "POST"])
def wording_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit a wording: preview, send a test, save, or go back to the one it came with."""
    kind = _kind(request, code)
    language, channel = _place(request)
    current = message_templates.exactly(
        kind, language=language, channel_id=channel.pk if channel else None
    )
    start = {"subject": current.subject, "body": current.body, "is_on": current.is_on}
    form = WordingForm(request.POST or None, initial=start)
    trial = PreviewForm(request.POST or None)
    preview: Wording | None = None
    if request.method == "POST" and form.is_valid() and trial.is_valid():
        try:
            preview = _act(
                request, kind, language=language, channel=channel, form=form, trial=trial
            )
        except WordingBroken as broken:
            form.add_error(broken.field, broken.message)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        if preview is None and form.is_valid():
            return redirect(request.get_full_path())
    elif request.method == "GET":
        preview = _first_preview(kind, current)
    context = {
        "kind": kind,
        "form": form,
        "trial": trial,
        "preview": preview,
        "place": PlaceForm({"language": language, "channel": channel}),
        "language": language,
        "channel": channel,
        "current": current,
        "history": message_templates.history(
            kind, language=language, channel_id=channel.pk if channel else None
        )[:10],
        "are_sent": messages.are_sent(),
        "has_sample": kind.sample is not None,
    }
    status = 422 if request.method == "POST" and not (form.is_valid() and trial.is_valid()) else 200
    return render(request, "core/messages/wording_edit.html", context, status=status)


def _first_preview(kind: MessageKind, current: message_templates.InForce) -> Wording | None:
    try:
        return message_templates.preview(kind, subject=current.subject, body=current.body)
    except DomainError:
        return None


def _act(
    request: HttpRequest,
    kind: MessageKind,
    *,
    language: str,
    channel: Channel | None,
    form: WordingForm,
    trial: PreviewForm,
) -> Wording | None:
    """Do what the pressed button says; returns the preview, or None when the page starts afresh."""
    words = {"subject": form.cleaned_data["subject"], "body": form.cleaned_data["body"]}
    subject_id = subject_named(kind, trial.cleaned_data["number"])
    if "save" in request.POST:
        is_on = form.cleaned_data["is_on"]
        message_templates.save(kind, **words, language=language, channel=channel, is_on=is_on)
        notices.success(request, "Saved. Messages queued from now on have this wording.")
        return None
    if "test" in request.POST:
        to = trial.cleaned_data["to"] or staff_of(request).email
        messages.send_test(kind, **words, to=to, subject_id=subject_id)
        notices.success(request, f"A test was sent to {to}.")
    return message_templates.preview(kind, **words, subject_id=subject_id)


@requires(EDIT_MESSAGES)
@require_POST
def wording_restore(request: HttpRequest, code: str) -> HttpResponse:
    kind = _kind(request, code)
    language, channel = _place(request)
    message_templates.restore(kind, language=language, channel=channel)
    notices.success(request, "The wording it came with is in force again.")
    query = request.GET.urlencode()
    response = redirect("wording_edit", code=code)
    if query:
        response["Location"] += f"?{query}"
    return response
