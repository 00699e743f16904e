"""What people type about their own account: login, password, second factor, preferences."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm

from core.models import User

WRONG = "The e-mail address and password do not match. Check both; capitals matter in the password."


LONGEST_ADDRESS = 254


class LoginForm(AuthenticationForm):
    """E-mail address and password; the same answer whether the address, the password or both are off."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = self.fields["username"]
        address.label = "E-mail address"
        address.widget.attrs |= {"autocomplete": "username", "inputmode": "email"}

    def clean_username(self) -> str:
        """One spelling only, so that other capitals are no way round the lock-out; and no more of it
        than an account's address may have, which is all that the lock-out can remember.
        """
        return str(self.cleaned_data["username"]).strip().lower()[:LONGEST_ADDRESS]


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Six digits from your authenticator app, or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class FirstCodeForm(CodeForm):
    """The first code of a new device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "The six digits that the app shows now."


class OwnPasswordForm(forms.Form):
    """The present password, asked again before something that guards the account changes."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError("That is not your password.")
        return password


class PasswordChangeForm(OwnPasswordForm):
    """The present password and the new one."""

    new_password = forms.CharField(
        label="New password",
        strip=False,
        help_text="At least 10 characters; a sentence is easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        password_validation.validate_password(password, self.user)
        return password


class ForgottenForm(forms.Form):
    """The address to which a link is sent."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the screens look to one person."""

    class Meta:
        model = User
        fields = ("name", "theme", "density", "has_shortcuts")
        help_texts = {"has_shortcuts": "Single letters such as “g o” for orders; ? lists them."}
