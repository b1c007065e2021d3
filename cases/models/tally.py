"""How many cases of a review are alike: a small counter for each set of counts."""

from typing import Any, ClassVar

from django.db import models

from cases.models.review import District, Review


class TallyQuerySet(models.QuerySet["Tally"]):
    def of(self, review: Review) -> "TallyQuerySet":
        return self.filter(review=review, number__gt=0)


class Tally(models.Model):
    """Live cases of one district with the same counts by the current profile: `number` of them.

    Kept by the database itself whenever a case is written (`cases.tally`); nothing else writes here.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="tallies")
    match_count = models.PositiveIntegerField()
    key_count = models.PositiveIntegerField()
    not_known_count = models.PositiveIntegerField()
    key_not_known_count = models.PositiveIntegerField()
    # How many cases, and how many of their answers are verified.
    number = models.PositiveBigIntegerField()
    # Not checked to be positive: PostgreSQL checks a difference that is to be added as if it were the sum.
    verified = models.BigIntegerField()

    objects: ClassVar[Any] = TallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "review",
                    "district",
                    "match_count",
                    "key_count",
                    "not_known_count",
                    "key_not_known_count",
                ],
                name="one_tally_a_set_of_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} cases alike"
