"""An invitation: a link sent to an e-mail address, good for one account, once and for a while."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

GOOD_FOR = timedelta(days=7)


class InvitationKind(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administrator"
    BUSINESS_TEAM = "business-team", "Business team's office: opens reviews"
    MEMBER = "member", "Member of a review"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        """Neither used nor withdrawn; it may be too old by now."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def good(self, now: datetime) -> "InvitationQuerySet":
        return self.pending().filter(expires_at__gt=now)

    def by_administrators(self) -> "InvitationQuerySet":
        return self.exclude(kind=InvitationKind.MEMBER)

    def unsent(self) -> "InvitationQuerySet":
        return self.pending().filter(sent_at=None)


class Invitation(models.Model):
    """The link's secret is kept as a digest only: whoever reads the database cannot use it.

    What a review offers its future member is kept by the review (`cases`), beside this.
    """

    email = models.EmailField("e-mail")
    kind = models.CharField(max_length=15, choices=InvitationKind.choices)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations_made"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    # SHA-256 of the secret in the link that was sent last; none before anything was sent.
    token_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Attempts that failed, and the name of the last failure's class: its text may hold an address.
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.CharField(max_length=60, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=InvitationKind.values), name="invitation_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, account=None)
                | models.Q(accepted_at__isnull=False, account__isnull=False, withdrawn_at=None),
                name="invitation_accepted_by_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def state(self) -> str:
        """ "accepted", "withdrawn", "expired", "not sent" or "invited", as a page shows it."""
        if self.accepted_at is not None:
            return "accepted"
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.expires_at <= timezone.now():
            return "expired"
        return "invited" if self.sent_at is not None else "not sent"
