"""Signing in and out, with a second factor where the account has one."""

import time
from typing import Any

import structlog
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core import people, second_factor
from core.access import personal, public, safe_path
from core.client_address import client_address
from core.forms.accounts import CodeForm, ForgottenForm, LoginForm
from core.models import User
from core.throttle import is_too_often

logger = structlog.get_logger("oms.accounts")

PENDING = "pending_login"
PENDING_SECONDS = 300
BACKEND = "core.backends.StaffBackend"
LOCKED = (
    "Too many tries. Signing in is closed for 15 minutes; then try again, "
    "or ask for a link to set a new password."
)

WRONG_CODE = "That code is not right, or was used already. Type the next one."
TOO_MANY_CODES = "Too many tries. Wait ten minutes."


def _login_page(
    request: HttpRequest, form: Any, *, status: int = 200, locked: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "next": _next(request),
        "locked": locked,
        "mail_leaves": people.mail_leaves(),
    }
    return render(request, "registration/login.html", context, status=status)


def _next(request: HttpRequest) -> str:
    return safe_path(request, request.POST.get("next") or request.GET.get("next", ""))


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login_view(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password; who has a second factor is asked for it next."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(_next(request))
    if request.method == "GET":
        return _login_page(request, LoginForm(request))
    if is_too_often("login", client_address(request), limit=50, seconds=900):
        return _login_page(request, LoginForm(request), status=429, locked=LOCKED)
    form = LoginForm(request, data=request.POST)
    if not form.is_valid():
        logger.info("login failed")
        return _login_page(request, form, status=422)
    user = form.get_user()
    if second_factor.device_of(user) is None:
        login(request, user, backend=BACKEND)
        return redirect(_next(request))
    request.session.cycle_key()
    request.session[PENDING] = {"user": user.pk, "at": time.time(), "next": _next(request)}
    return redirect("login_code")


def locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, _credentials: Any = None
) -> HttpResponse:
    """What axes answers while an account is locked: the same for accounts that do not exist."""
    return _login_page(request, LoginForm(request), status=429, locked=LOCKED)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """The second step: nobody is signed in before its code is right."""
    pending: Any = request.session.get(PENDING)
    user = _pending_user(pending)
    if user is None:
        request.session.pop(PENDING, None)
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        too_often = is_too_often("code", str(user.pk), limit=10, seconds=600)
        device = None if too_often else second_factor.verify(user, form.cleaned_data["code"])
        if device is not None:
            del request.session[PENDING]
            user.otp_device = device  # type: ignore[attr-defined]
            login(request, user, backend=BACKEND)
            return redirect(pending["next"])
        logger.info("second factor failed", user=user.pk)
        form.add_error(
            "code",
            TOO_MANY_CODES if too_often else WRONG_CODE,
        )
    status = 422 if request.method == "POST" else 200
    return render(request, "registration/login_code.html", {"form": form}, status=status)


def _pending_user(pending: Any) -> User | None:
    if not pending or time.time() - pending["at"] > PENDING_SECONDS:
        return None
    user: User | None = User.objects.active().filter(pk=pending["user"]).first()
    return user


@personal
@require_POST
def logout_view(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("login")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Send a link that sets a new password; the answer never tells whether the address is known."""
    form = ForgottenForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent:
        email = form.cleaned_data["email"]
        too_often = is_too_often("forgotten", email, limit=3, seconds=3600) or is_too_often(
            "forgotten", client_address(request), limit=20, seconds=3600
        )
        if not too_often:
            people.ask_password_link(email=email)
    context = {"form": form, "sent": sent, "mail_leaves": people.mail_leaves()}
    status = 422 if request.method == "POST" and not sent else 200
    return render(request, "registration/password_forgotten.html", context, status=status)


class PasswordSet(PasswordResetConfirmView):
    """Set a password with a link that is good once; signing in comes afterwards, with all its steps."""

    template_name = "registration/password_set.html"
    success_url = reverse_lazy("login")
    token_generator = default_token_generator
    post_reset_login = False
    reset_url_token = "new"  # noqa: S105  part of an address

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        people.note_password_set(User.objects.get(pk=form.user.pk))
        messages.success(self.request, "Your new password is set. Sign in with it.")
        return response


password_set = public(never_cache(PasswordSet.as_view()))
