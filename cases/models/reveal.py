"""Who asked to see a case's Liberi ID, and why: the audit has the event, and takes no reason in words."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case


class Reveal(models.Model):
    """One showing of a Liberi ID. The business team need give no reason."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reveals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.case} shown to {self.user}"
