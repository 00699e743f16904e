"""Forms that may act only once."""

from django.conf import settings
from django.db import models


class FormToken(models.Model):
    """A form that was sent, and where its first sending led; a second one is led there too."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True)
    location = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.token)
