"""The people who work here and what their roles let them do."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import people, second_factor
from core.access import requires, staff_of
from core.backends import with_second_factor
from core.errors import DomainError
from core.forms.users import InviteForm, UserForm
from core.models import User
from core.rights import EDIT_USERS, Role, all_rights

APP_NAMES = {"core": "Back office"}


@requires(EDIT_USERS)
@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """Everybody, those who work here now first."""
    users = with_second_factor(User.objects.all()).order_by("-is_active", "name", "email")
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    if wanted:
        users = users.filter(email__icontains=wanted) | users.filter(name__icontains=wanted)
    role = request.GET.get("role", "")
    if role in Role.values:
        users = users.filter(roles__contains=[role])
    context = {
        "users": [_line(user) for user in users[:500]],
        "q": wanted,
        "role": role,
        "roles": Role,
    }
    return render(request, "core/user_list.html", context)


def _line(user: User) -> dict[str, Any]:
    return {"user": user, "roles": [str(Role(role).label) for role in user.roles]}


@requires(EDIT_USERS)
@require_http_methods(["GET", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    """Make an account; its page then shows the link that sets the first password."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = people.invite_user(**form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return _link_page(request, user, is_new=True)
    status = 422 if request.method == "POST" else 200
    return render(request, "core/user_new.html", {"form": form}, status=status)


@requires(EDIT_USERS)
@require_http_methods(["GET", "POST"])
def user_detail(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: name, roles, ways in, what others plug in, and what happened to the account."""
    person = get_object_or_404(with_second_factor(User.objects.all()), pk=user_id)
    shown = {"name": person.name, "roles": person.roles, "may_open_admin": person.is_staff}
    form = UserForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_user(user_id=user_id, by=staff_of(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "Saved.")
            return redirect("user_detail", user_id=user_id)
    context = {"person": person, "form": form, "is_self": person.pk == request.user.pk}
    status = 422 if request.method == "POST" else 200
    return render(request, "core/user_detail.html", context, status=status)


@requires(EDIT_USERS)
@require_POST
def user_deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    people.deactivate_user(user_id=person.pk, by=staff_of(request))
    messages.success(request, f"{person} can no longer sign in.")
    return redirect("user_detail", user_id=user_id)


@requires(EDIT_USERS)
@require_POST
def user_reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    people.reactivate_user(user_id=person.pk)
    messages.success(request, f"{person} can sign in again.")
    return redirect("user_detail", user_id=user_id)


@requires(EDIT_USERS)
@require_POST
def user_sign_out(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    people.end_sessions(user_id=person.pk)
    messages.success(request, f"{person} is signed out everywhere.")
    return redirect("user_detail", user_id=user_id)


@requires(EDIT_USERS)
@require_POST
def user_second_factor_remove(request: HttpRequest, user_id: int) -> HttpResponse:
    """For somebody who lost the device; one's own goes through the account page."""
    person = get_object_or_404(User, pk=user_id)
    if person.pk == request.user.pk:
        return redirect("second_factor_remove")
    second_factor.remove(user_id=person.pk)
    messages.success(request, f"The second factor of {person} is removed.")
    return redirect("user_detail", user_id=user_id)


@requires(EDIT_USERS)
@require_POST
def user_password_link(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show a link that sets a password, for the admin to hand over."""
    return _link_page(request, get_object_or_404(User, pk=user_id, is_active=True))


def _link_page(request: HttpRequest, user: User, *, is_new: bool = False) -> HttpResponse:
    context = {"person": user, "link": people.password_link(user), "is_new": is_new}
    return render(request, "core/user_link.html", context)


@requires(EDIT_USERS)
@require_GET
def role_matrix(request: HttpRequest) -> HttpResponse:
    """Which role holds which right, as the code says it."""
    groups: dict[str, list[Any]] = {}
    for right in all_rights():
        app = right.code.partition(".")[0]
        cells = [(str(role.label), role in right.roles) for role in Role]
        groups.setdefault(APP_NAMES.get(app, app.capitalize()), []).append((right.label, cells))
    return render(request, "core/role_matrix.html", {"groups": groups, "roles": Role})
