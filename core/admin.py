"""The ground's rows in the admin."""

from django.contrib import admin
from django.contrib.auth.models import Group

from core.models import User
from core.repair import RepairAdmin, register_models


@admin.register(User)
class UserAdmin(RepairAdmin):
    """People are managed on the Users page, which keeps the last admin and tells the timeline; so
    nobody raises their own rights here.
    """

    exclude = ("user_permissions", "groups")
    readonly_fields = (
        "password",
        "roles",
        "is_staff",
        "is_superuser",
        "is_active",
        "session_round",
        "last_login",
    )

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


register_models("core", read_only=("Delivery", "FormToken", "NumberSeries"))

if admin.site.is_registered(Group):  # roles are this system's groups
    admin.site.unregister(Group)
