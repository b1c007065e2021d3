"""What a reviewer has typed and not saved yet, so that it outlives a time-out or a closed tab."""

from django.conf import settings
from django.db import models

from cases.models import Case, TypedForm


class WritingKind(models.TextChoices):
    FINDING = "finding", "Finding"
    NOTE = "note", "Interview notes"
    CELL = "cell", "Summary in the matrix"
    MEMO = "memo", "Memo on a passage"


class WritingDraft(TypedForm):
    """One person's draft of one text of a case.

    `target` names the text within its kind: a finding's public id or "new", the number of a question, the
    short name of a theme, the number of a passage.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="writing_drafts")
    kind = models.CharField(max_length=10, choices=WritingKind.choices)
    target = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "case", "kind", "target"], name="one_draft_of_a_text_a_person"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=WritingKind.values), name="writing_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(sealed=b""),
                name="ended_writing_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.kind} {self.target}"
