"""Who does what in a review, and since when."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.review import District, Review
from kscmp_review.accounts.models import User


class Role(models.TextChoices):
    BUSINESS_TEAM = "business-team", "Business team"
    DISTRICT_LEAD = "district-lead", "District lead"
    REVIEWER = "reviewer", "Reviewer"
    BOARD_READER = "board-reader", "Board reader"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> "MembershipQuerySet":
        return self.filter(ended_at=None)

    def of(self, user: User) -> "MembershipQuerySet":
        return self.live().filter(user=user, user__is_active=True)


class Membership(models.Model):
    """One role, one review, one person; a district lead's with a district. Ended, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    review = models.ForeignKey(Review, on_delete=models.CASCADE)
    role = models.CharField(max_length=15, choices=Role.choices)
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "review"],
                condition=models.Q(ended_at=None),
                name="one_live_membership_a_person",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known"),
            models.CheckConstraint(
                condition=models.Q(role=Role.DISTRICT_LEAD, district__isnull=False)
                | (~models.Q(role=Role.DISTRICT_LEAD) & models.Q(district=None)),
                name="district_goes_with_district_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
