"""The program's own names for cases, findings and notes: outside it they are nobody's business."""

import re
from collections.abc import Iterator

from cases.models import Case
from cases.public_ids import ALPHABET, LENGTH
from themes.models import Finding, InterviewNote
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found

PUBLIC_ID = re.compile(rf"(?<![0-9a-z])[{ALPHABET}]{{{LENGTH}}}(?![0-9a-z])")


def public_ids(text: str) -> set[str]:
    """What has the form of such a name, in small letters."""
    return set(PUBLIC_ID.findall(text.casefold()))


def look(looked: Looked) -> Iterator[Found]:
    wanted = public_ids(looked.document.html) | public_ids(looked.words)
    if not wanted:
        return
    for model in (Case, Finding, InterviewNote):
        for found in model.objects.filter(public_id__in=wanted).values_list("public_id", flat=True):
            at = looked.place_of(found)
            yield Found(f"{at.place} holds the program's own name of a case or text.", at, found)


CHECK = Check(
    slug="public-id",
    title="The program's own name of a case or text",
    why="It tells passages of one case from those of another, and leads members of the review to the case.",
    remedy="Take it out.",
    look=look,
)
