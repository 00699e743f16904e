"""What people keep up about their own account: how screens look, password, second factor."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login

from core import people, second_factor
from core.access import personal, safe_path
from core.errors import DomainError
from core.forms.accounts import FirstCodeForm, OwnPasswordForm, PasswordChangeForm, ProfileForm
from core.models import User

PREFERENCES = {
    "theme": ("theme", set(User.Theme.values)),
    "density": ("density", set(User.Density.values)),
}
SWITCH = {"on": True, "off": False}


@personal
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, looks and ways to guard the account."""
    user = _me(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account")
    context = {
        "form": form,
        "device": second_factor.device_of(user),
        "codes_left": second_factor.codes_left(user),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "core/account.html", context, status=status)


@personal
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what the frame's switches say; unknown words change nothing."""
    user = _me(request)
    changed = []
    for name, (field, allowed) in PREFERENCES.items():
        if request.POST.get(name) in allowed:
            setattr(user, field, request.POST[name])
            changed.append(field)
    if request.POST.get("shortcuts") in SWITCH:
        user.has_shortcuts = SWITCH[request.POST["shortcuts"]]
        changed.append("has_shortcuts")
    if not changed:
        return HttpResponse("Nothing to keep: give theme, density or shortcuts.", status=422)
    user.save(update_fields=changed)
    if "next" in request.POST and not getattr(request, "htmx", False):
        return redirect(safe_path(request, request.POST["next"]))
    return HttpResponse(status=204)


@personal
@sensitive_post_parameters("password", "new_password")
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Set a new password, knowing the old one; every other session ends."""
    user = _me(request)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.change_password(user=user, password=form.cleaned_data["new_password"])
        update_session_auth_hash(request, user)
        messages.success(request, "Your password is changed; other devices are signed out.")
        return redirect("account")
    status = 422 if request.method == "POST" else 200
    return render(request, "core/password_change.html", {"form": form}, status=status)


@personal
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    _keep_this_session(request, people.end_sessions(user_id=_me(request).pk))
    messages.success(request, "Every other device is signed out.")
    return redirect("account")


@personal
@require_http_methods(["GET", "POST"])
def second_factor_add(request: HttpRequest) -> HttpResponse:
    """Show the QR code; the first right code makes the second factor count."""
    user = _me(request)
    if second_factor.device_of(user):
        return redirect("account")
    device = second_factor.begin(user)
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirmed, codes = second_factor.confirm(user, form.cleaned_data["code"])
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            _keep_this_session(request, User.objects.get(pk=user.pk))
            otp_login(request, confirmed)
            return _codes_page(request, codes)
    context = {
        "form": form,
        "qr_code": second_factor.qr_code(device),
        "secret": second_factor.secret_of(device),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "core/second_factor_add.html", context, status=status)


@personal
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def second_factor_remove(request: HttpRequest) -> HttpResponse:
    """Take the second factor away, knowing the password."""
    user = _me(request)
    form = OwnPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        second_factor.remove(user_id=user.pk)
        messages.success(request, "The second factor is removed.")
        return redirect("account")
    status = 422 if request.method == "POST" else 200
    return render(request, "core/second_factor_remove.html", {"form": form}, status=status)


@personal
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, knowing the password; they are shown this once."""
    user = _me(request)
    if second_factor.device_of(user) is None:
        return redirect("account")
    form = OwnPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _codes_page(request, second_factor.renew_recovery_codes(user))
    status = 422 if request.method == "POST" else 200
    return render(request, "core/recovery_codes_renew.html", {"form": form}, status=status)


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "core/recovery_codes.html", {"codes": codes})


def _keep_this_session(request: HttpRequest, user: User) -> None:
    """Every session of the user ended; this one goes on."""
    update_session_auth_hash(request, user)


def _me(request: HttpRequest) -> User:
    """The signed-in user as a row of its own, free of the request's lazy wrapper."""
    user: User = User.objects.get(pk=request.user.pk)
    return user
