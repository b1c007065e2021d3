"""How far the review of each selected case has come, and what is still missing for it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from cases.models import Case, Review
from themes.coding.counting import counted
from themes.models import Finding, Interview, InterviewNote, InterviewStatus, Passage, RecordKind, RecordRead
from themes.reading import MarkedText, record_kind_of

KINDS_TO_READ = tuple(kind for kind in RecordKind.values if kind != RecordKind.OTHER)


@dataclass
class CaseProgress:
    """One selected case; `kinds` are the kinds of record that have been read."""

    case: Case
    findings: int = 0
    # With a finding, or marked as read without one.
    kinds: set[str] = field(default_factory=set)
    interview: Interview | None = None
    notes: int = 0
    untagged: int = 0
    passages: int = 0
    to_look_at: int = 0

    def of_own_tags(self, places: int, untagged: int) -> None:
        """Count the tags of a second reader alone: the first's are not theirs to see yet."""
        self.passages, self.untagged, self.to_look_at = places, untagged, 0

    @property
    def kinds_read(self) -> int:
        return len(self.kinds & set(KINDS_TO_READ))

    @property
    def kinds_in_words(self) -> str:
        return f"{self.kinds_read} of {len(KINDS_TO_READ)} kinds of record"

    @property
    def missing(self) -> list[str]:
        """What is still missing, a sentence each; empty when nothing is."""
        told = []
        unread = [RecordKind(kind).label for kind in KINDS_TO_READ if kind not in self.kinds]
        if unread:
            told.append("Not read yet: " + ", ".join(unread))
        if self.interview is None:
            told.append("Nothing is recorded about the interview")
        elif self.interview.status == InterviewStatus.DONE and not self.notes:
            told.append("The interview is done and has no notes yet")
        elif self.interview.status in (InterviewStatus.INVITED, InterviewStatus.AGREED):
            told.append("The interview has not been held yet")
        if self.untagged:
            told.append(f"{counted(self.untagged, 'text')} without a tag")
        if self.to_look_at:
            told.append(f"{counted(self.to_look_at, 'passage')} to look at again: the words have changed")
        return told


def progress_of(review: Review) -> list[CaseProgress]:
    """The review's selected cases by letter, in six queries whatever their number."""
    return _counted(Case.objects.of(review).selected().by_letter())


def progress_of_case(
    case: Case, interview: Interview | None, findings: Sequence[MarkedText], notes: Sequence[MarkedText]
) -> CaseProgress:
    """One selected case whose texts have been read already, as their reader sees them: one query."""
    texts = [*findings, *notes]
    marked = RecordRead.objects.filter(case=case).values_list("record_kind", flat=True)
    return CaseProgress(
        case,
        findings=len(findings),
        kinds={*marked, *(record_kind_of(text) for text in findings)},
        interview=interview,
        notes=len(notes),
        untagged=sum(not text.number_of_passages for text in texts),
        passages=sum(text.number_of_passages for text in texts),
        to_look_at=sum(text.to_look_at for text in texts),
    )


def _counted(cases: Iterable[Case]) -> list[CaseProgress]:
    found = {each.pk: CaseProgress(each) for each in cases}
    tagged = Exists(Passage.objects.filter(finding=OuterRef("pk")))
    findings = Finding.objects.filter(case__in=found).annotate(tagged=tagged)
    for case_id, kind, is_tagged in findings.values_list("case_id", "record_kind", "tagged"):
        found[case_id].findings += 1
        found[case_id].kinds.add(kind)
        found[case_id].untagged += not is_tagged
    for case_id, kind in RecordRead.objects.filter(case__in=found).values_list("case_id", "record_kind"):
        found[case_id].kinds.add(kind)
    interviewed = []
    for interview in Interview.objects.filter(case__in=found):
        found[interview.case_id].interview = interview
        interviewed.append(interview.pk)
    tagged = Exists(Passage.objects.filter(note=OuterRef("pk")))
    notes = InterviewNote.objects.filter(interview__in=interviewed).annotate(tagged=tagged)
    for case_id, is_tagged in notes.values_list("interview__case_id", "tagged"):
        found[case_id].notes += 1
        found[case_id].untagged += not is_tagged
    for case_id, to_look_at in Passage.objects.filter(case__in=found).values_list("case_id", "needs_look"):
        found[case_id].passages += 1
        found[case_id].to_look_at += to_look_at
    return list(found.values())


@dataclass
class Coverage:
    """How many of a review's selected cases have findings, and how many an interview that is done."""

    selected: int = 0
    with_findings: int = 0
    interviewed: int = 0


def coverage_of(reviews: list[int]) -> dict[int, Coverage]:
    """Coverage by review, of all of them in one query."""
    found: dict[int, Coverage] = defaultdict(Coverage)
    cases = Case.objects.selected().filter(review__in=reviews)
    read_and_heard = cases.values_list(
        "review_id",
        Exists(Finding.objects.filter(case=OuterRef("pk"))),
        Exists(Interview.objects.done().filter(case=OuterRef("pk"))),
    )
    for review_id, read, heard in read_and_heard:
        coverage = found[review_id]
        coverage.selected += 1
        coverage.with_findings += read
        coverage.interviewed += heard
    return dict(found)
