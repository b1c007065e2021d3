"""A case: one Liberi ID put forward by a district, its answers, and what the district is asked about it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases import liberi
from cases.models.profile import Characteristic, ProfileLine, ProfileVersion
from cases.models.review import District, Review, Slot, Stage
from cases.public_ids import new_public_id, reference_of


class Presence(models.TextChoices):
    PRESENT = "present", "Present"
    ABSENT = "absent", "Absent"
    NOT_KNOWN = "not known", "Not known"


class CaseQuerySet(models.QuerySet["Case"]):
    def of(self, review: Review) -> "CaseQuerySet":
        return self.filter(review=review)

    def live(self) -> "CaseQuerySet":
        """Submitted and not withdrawn."""
        return self.filter(withdrawn_at=None)

    def withdrawn(self) -> "CaseQuerySet":
        """Submitted and withdrawn again, the last first."""
        return self.exclude(withdrawn_at=None).order_by("-withdrawn_at")

    def from_district(self, district: District) -> "CaseQuerySet":
        return self.filter(district=district)

    def selected(self) -> "CaseQuerySet":
        """Cases that a confirmed selection took forward: those with a letter."""
        return self.live().exclude(letter="")

    def ranked(self) -> "CaseQuerySet":
        """The order of rule 2, ties in order of submission."""
        return self.order_by("-match_count", "-key_count", "not_known_count", "sequence")

    def in_order_of_submission(self) -> "CaseQuerySet":
        return self.order_by("sequence")

    def by_letter(self) -> "CaseQuerySet":
        return self.order_by(models.functions.Length("letter"), "letter")

    def with_answers(self) -> "CaseQuerySet":
        return self.prefetch_related("answers__characteristic")


class Case(models.Model):
    """Never a name, a date of birth or an address: there is no field for one."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="cases")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="cases")
    slot = models.OneToOneField(Slot, null=True, blank=True, on_delete=models.PROTECT)
    liberi_id_sealed = models.BinaryField()
    liberi_id_digest = models.CharField(max_length=64)
    assessment_date = models.DateField()
    sequence = models.PositiveBigIntegerField()
    letter = models.CharField(max_length=4, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Raised by one at every change, so that a form filled in earlier can tell that it is late.
    revision = models.PositiveIntegerField(default=1)

    # Counters over the review's current profile, kept in step by the action that changes an answer.
    match_count = models.PositiveIntegerField(default=0)
    key_count = models.PositiveIntegerField(default=0)
    not_known_count = models.PositiveIntegerField(default=0)
    key_not_known_count = models.PositiveIntegerField(default=0)
    verified_count = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "liberi_id_digest"],
                condition=models.Q(withdrawn_at=None),
                name="one_live_case_a_liberi_id",
            ),
            models.UniqueConstraint(fields=["review", "sequence"], name="one_case_a_place_in_order"),
            models.UniqueConstraint(
                fields=["review", "letter"], condition=~models.Q(letter=""), name="one_case_a_letter"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, slot__isnull=False)
                | models.Q(withdrawn_at__isnull=False, slot=None),
                name="live_case_fills_a_slot",
            ),
        ]
        indexes = [
            models.Index(
                models.F("review"),
                models.F("match_count").desc(),
                models.F("key_count").desc(),
                models.F("not_known_count"),
                models.F("sequence"),
                name="case_ranking",
                condition=models.Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.public_id}"

    @property
    def liberi_id(self) -> str:
        return liberi.decrypt(self.liberi_id_sealed)

    @liberi_id.setter
    def liberi_id(self, value: str) -> None:
        self.liberi_id_sealed = liberi.encrypt(value)
        self.liberi_id_digest = liberi.digest(value)

    @property
    def reference(self) -> str:
        """What a district quotes to the business team; it reveals nothing."""
        return reference_of(self.public_id)

    @property
    def lowest(self) -> int:
        return self.match_count

    @property
    def highest(self) -> int:
        return self.match_count + self.not_known_count


class Answer(models.Model):
    """What the district reported and what the business team verified; a verified answer wins (rule 5)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    characteristic = models.ForeignKey(Characteristic, on_delete=models.PROTECT, related_name="answers")
    reported = models.CharField(max_length=10, choices=Presence.choices, default=Presence.NOT_KNOWN)
    evidence = models.TextField(blank=True)
    verified = models.CharField(max_length=10, choices=Presence.choices, null=True, blank=True)
    verified_note = models.TextField(blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    presence = models.GeneratedField(
        expression=Coalesce("verified", "reported"),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "characteristic"], name="one_answer_a_characteristic"),
            models.CheckConstraint(
                condition=models.Q(reported__in=Presence.values), name="reported_known_word"
            ),
            models.CheckConstraint(
                condition=models.Q(verified__in=Presence.values) | models.Q(verified=None),
                name="verified_known_word",
            ),
        ]
        indexes = [models.Index(fields=["characteristic", "presence"], name="answer_presence")]

    def __str__(self) -> str:
        return f"{self.characteristic}: {self.presence}"


# Where `cases.lifecycle` allows answers to be corrected.
ANSWERED_AT = (Stage.OPEN, Stage.SELECTING)


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> "QuestionQuerySet":
        return self.filter(answered_at=None, case__withdrawn_at=None)

    def waiting(self) -> "QuestionQuerySet":
        """Open, and to be answered still: before the selection is confirmed, about the current profile."""
        newer = ProfileVersion.objects.filter(
            review=models.OuterRef("version__review"), number__gt=models.OuterRef("version__number")
        )
        current = ProfileLine.objects.filter(
            ~models.Exists(newer),
            version__review=models.OuterRef("case__review"),
            characteristic=models.OuterRef("characteristic"),
        )
        return self.open().filter(models.Exists(current), case__review__stage__in=ANSWERED_AT)

    def for_district(self, district: District) -> "QuestionQuerySet":
        return self.filter(case__district=district)

    def settle(self, case: Case, characteristics: Iterable[Characteristic | int]) -> None:
        """What the district was asked about these characteristics of the case is known now."""
        asked = self.open().filter(case=case, characteristic__in=characteristics)
        asked.update(answered_at=timezone.now())


class Question(models.Model):
    """The business team asks a district to find out an answer that is not known."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questions")
    characteristic = models.ForeignKey(Characteristic, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "characteristic"],
                condition=models.Q(answered_at=None),
                name="asked_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"question about {self.characteristic}"
