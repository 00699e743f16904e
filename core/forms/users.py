"""What an admin types about the people who work here."""

from django import forms

from core.rights import Role

ROLE_HINTS = {
    Role.SALES: "orders and customers",
    Role.WAREHOUSE: "stock, picking, packing",
    Role.FINANCE: "payments, refunds, invoices",
    Role.RETURNS: "returns and inspections",
    Role.MANAGER: "everything but settings and users",
    Role.ADMIN: "everything",
}


class UserForm(forms.Form):
    """Name, roles and access to the admin of one person."""

    name = forms.CharField(max_length=120)
    roles = forms.MultipleChoiceField(
        choices=[(role.value, f"{role.label}: {ROLE_HINTS[role]}") for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Roles add up. Without a role nothing but the own account opens.",
    )
    may_open_admin = forms.BooleanField(
        label="May open the admin",
        required=False,
        help_text="The admin repairs raw data. Few people need it.",
    )


class InviteForm(UserForm):
    """A new account; a link sets its first password."""

    email = forms.EmailField(label="E-mail address", help_text="It is the login name.")
    field_order = ("email", "name", "roles", "may_open_admin")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
