"""What a review offers whoever takes up an invitation: a role, and a district where the role has one."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from cases.models.membership import Role
from cases.models.review import District, Review
from kscmp_review.accounts.models import Invitation, User


class OfferQuerySet(models.QuerySet["Offer"]):
    def of(self, review: Review) -> "OfferQuerySet":
        return self.filter(review=review)

    def pending(self) -> "OfferQuerySet":
        """Neither taken up nor withdrawn; the invitation may be too old by now."""
        return self.filter(invitation__accepted_at=None, invitation__withdrawn_at=None)

    def open_to(self, user: User) -> "OfferQuerySet":
        """Those that this person may take up now."""
        good = self.pending().filter(invitation__expires_at__gt=timezone.now())
        return good.filter(invitation__email=user.email.lower())


class Offer(models.Model):
    """The e-mail address, the link and whether it was taken up are the invitation's."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="offer")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="offers")
    role = models.CharField(max_length=15, choices=Role.choices)
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Any] = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="offer_role_known"),
            models.CheckConstraint(
                condition=models.Q(role=Role.DISTRICT_LEAD, district__isnull=False)
                | (~models.Q(role=Role.DISTRICT_LEAD) & models.Q(district=None)),
                name="offer_district_goes_with_district_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}: {self.get_role_display()}"
