"""What has been read, by whom, and what is left: selected cases by kind of record and strand."""

from collections import Counter
from dataclasses import dataclass, field

from cases.models import Case, Membership, Review, Role
from kscmp_review.accounts.models import User
from themes.coding.counting import counted
from themes.models import (
    Finding,
    Interview,
    InterviewNote,
    InterviewStatus,
    ReadOutcome,
    RecordKind,
    RecordRead,
    Tag,
    TopicQuestion,
)

ENDED = (InterviewStatus.DECLINED, InterviewStatus.UNAVAILABLE)


@dataclass
class Place:
    """One case and one kind of record: findings by person, and marks of those who found nothing."""

    case: Case
    kind: str
    findings: Counter[int] = field(default_factory=Counter)
    marks: dict[int, str] = field(default_factory=dict)

    @property
    def is_read(self) -> bool:
        return bool(self.findings or self.marks)


@dataclass
class Heard:
    """One case's interview, and its notes by person."""

    case: Case
    interview: Interview | None = None
    notes: Counter[int] = field(default_factory=Counter)

    @property
    def is_settled(self) -> bool:
        """Held with notes, or never to be held."""
        if self.interview is None:
            return False
        return self.interview.status in ENDED or bool(self.notes)


@dataclass
class Reader:
    """What one person has done in the review."""

    person: User
    is_member: bool
    places: int = 0
    findings: int = 0
    notes: int = 0
    tags: int = 0


@dataclass
class Coverage:
    """Rows by letter; `people` holds whoever is named in a cell, by primary key."""

    kinds: list[tuple[str, str]]
    rows: list[tuple[Case, list[Place], Heard]]
    readers: list[Reader]
    people: dict[int, User]
    questions: int

    @property
    def places(self) -> int:
        return len(self.rows) * (len(self.kinds) + 1)

    @property
    def left(self) -> int:
        """How many records and interviews nobody has read or settled."""
        return sum(
            sum(not place.is_read for place in places) + (not heard.is_settled)
            for _, places, heard in self.rows
        )

    def told(self, place: Place, only: int | None = None) -> list[str]:
        """What a place says, a line a person; of one person where `only` names one."""
        lines = [
            f"{counted(number, 'finding')}, {self._name(person)}"
            for person, number in place.findings.items()
            if only in (None, person)
        ]
        lines += [
            f"{ReadOutcome(outcome).label}, {self._name(person)}"
            for person, outcome in place.marks.items()
            if only in (None, person)
        ]
        return lines

    def heard(self, heard: Heard, only: int | None = None) -> list[str]:
        return [
            f"{counted(number, 'note')}, {self._name(person)}"
            for person, number in heard.notes.items()
            if only in (None, person)
        ]

    def _name(self, person: int) -> str:
        return self.people[person].name or self.people[person].email


def coverage_of(review: Review) -> Coverage:
    """The whole of it, in eight queries whatever the number of cases."""
    cases = list(Case.objects.of(review).selected().by_letter())
    places = {(case.pk, kind): Place(case, kind) for case in cases for kind in RecordKind.values}
    heard = {case.pk: Heard(case) for case in cases}
    findings: Counter[int] = Counter()
    for case, kind, person in Finding.objects.of_selected_cases(review).values_list(
        "case_id", "record_kind", "written_by_id"
    ):
        places[case, kind].findings[person] += 1
        findings[person] += 1
    for case, kind, person, outcome in RecordRead.objects.filter(case__in=heard).values_list(
        "case_id", "record_kind", "read_by_id", "outcome"
    ):
        places[case, kind].marks[person] = outcome
    for interview in Interview.objects.of_selected_cases(review):
        heard[interview.case_id].interview = interview
    notes: Counter[int] = Counter()
    for case, person in InterviewNote.objects.filter(interview__case__in=heard).values_list(
        "interview__case_id", "written_by_id"
    ):
        heard[case].notes[person] += 1
        notes[person] += 1
    tags = Counter(Tag.objects.filter(passage__case__in=heard).values_list("tagged_by_id", flat=True))
    members = set(
        Membership.objects.filter(review=review, role=Role.REVIEWER, ended_at=None).values_list(
            "user_id", flat=True
        )
    )
    read = Counter(person for place in places.values() for person in {*place.findings, *place.marks})
    people = User.objects.in_bulk([*members, *read, *notes, *tags])
    readers = [
        Reader(person, pk in members, read[pk], findings[pk], notes[pk], tags[pk])
        for pk, person in sorted(people.items(), key=lambda item: item[1].name)
    ]
    return Coverage(
        kinds=list(RecordKind.choices),
        rows=[
            (case, [places[case.pk, kind] for kind in RecordKind.values], heard[case.pk]) for case in cases
        ],
        readers=readers,
        people=people,
        questions=TopicQuestion.objects.filter(review=review, retired_at=None).count(),
    )
