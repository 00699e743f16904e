"""What people keep of list pages: saved views and their own choice of columns."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A named state of a list: its query string and columns. Shared ones are seen by everybody."""

    listing = models.CharField(max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("listing", "owner", "name"), name="core_view_name_once"
            ),
            models.UniqueConstraint(
                fields=("listing", "name"),
                condition=Q(is_shared=True),
                name="core_shared_view_name_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ListPreference(models.Model):
    """One user's own set-up of one list. An empty `view` opens the view of the user's role."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_preferences"
    )
    listing = models.CharField(max_length=60)
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    view = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "listing"), name="core_list_preference_once"),
        )

    def __str__(self) -> str:
        return f"{self.listing} of {self.user_id}"
