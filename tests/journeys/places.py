"""Reviews to walk through: the demonstration, as the rows of addresses see it, and young ones at a stage."""

from typing import Any

from django.urls import reverse

from cases.actions import answers, offers, reviews
from cases.models import Case, Membership, Question, Review, Role, Selection, Stage
from kscmp_review.accounts.models import User
from tests import build
from tests.themes.accepting import accept_all, one_left_open
from tests.world import World
from themes.actions import codebook, findings, matrix, release, report, reshaping, second_reading
from themes.actions.entries import Entry
from themes.demonstration import load
from themes.models import (
    Cell,
    CodebookStep,
    Finding,
    InterviewNote,
    LearningPoint,
    Passage,
    ReportSection,
    ReportVersion,
    SecondTag,
    Theme,
    TopicQuestion,
)

# Answers with a file, or to machines.
FILES = {
    "data_protection_export",
    "selection_export",
    "matrix_export",
    "submissions_template",
    "index_cases_template",
    "submission_draft",
    "submission_change_draft",
    "writing_draft",
    "report_section_draft",
    "learning_draft",
    "exchange_export",
    "report_download",
    "report_version_download",
    "briefing_download",
    "version_briefing_download",
}
PEOPLE = {
    "business": "business-team",
    "north lead": "lead-north",
    "south lead": "lead-south",
    "reviewer": "reviewer",
    "board reader": "board-reader",
}


def demonstration() -> World:
    """The demonstration review: everything filled in, the report being written."""
    review = load.load().review
    cases = Case.objects.of(review)
    note = InterviewNote.objects.filter(interview__case__district__name="North").earliest("pk")
    selected = note.interview.case
    finding = Finding.objects.filter(case=selected, passages__isnull=False).distinct().earliest("pk")
    people = {role: User.objects.get(email=f"{who}@kscmp.example") for role, who in PEOPLE.items()}
    theme = Theme.objects.of(review).filter(tags__isnull=False).distinct().earliest("pk")
    cell = Cell.objects.filter(case=selected, theme=theme).first()
    if cell is None:
        matrix.summarise(case=selected, theme=theme, summary="Seen early.", by=people["reviewer"])
    write_again(review, people["reviewer"])
    written = release_and_write_on(review, people["business"], people["reviewer"])
    section, released, proposed, (problem, acceptance) = written
    return World(
        review=review,
        people=people,
        selected=selected,
        unselected=cases.filter(letter="", district__name="South").earliest("pk"),
        selection=Selection.objects.get(review=review),
        question=Question.objects.filter(case__review=review).earliest("pk"),
        membership=Membership.objects.get(review=review, role=Role.BOARD_READER),
        offer=offers.make(
            review=review, email="invited@kscmp.example", role=Role.REVIEWER, by=people["business"]
        ),
        theme=theme,
        finding=finding,
        passage=Passage.objects.filter(finding=finding).earliest("pk"),
        interview=note.interview,
        topic=TopicQuestion.objects.filter(review=review).earliest("pk"),
        note=note,
        section=section,
        released=released,
        proposed=proposed,
        problem=problem,
        acceptance=acceptance,
        index_number=1,
        step=merged(review, people["reviewer"]),
        second_tag=read_twice(selected, people),
        learning_point=LearningPoint.objects.of(review).in_order()[1].pk,
    )


def write_again(review: Review, by: User) -> None:
    """What links lead to first has earlier versions; Case A has a long text, and one that was deleted."""
    case = Case.objects.of(review).get(letter="A")
    finding = Finding.objects.filter(case=case).earliest("pk")
    fields: dict[str, Any] = {
        "record_kind": finding.record_kind,
        "record_date": finding.record_date,
        "expectation": finding.expectation,
        "quality": finding.quality,
    }
    added = findings.write(case=case, text="Read in error.", by=by, **fields)
    findings.delete(finding=added, revision=1, by=by)
    text = f"{finding.text} Seen again."
    findings.change(finding=finding, text=text, revision=finding.revision, by=by, **fields)
    findings.write(case=case, text="Read from the first page to the last. " * 300, by=by, **fields)
    for theme in Theme.objects.of(review).in_use().in_codebook_order()[:2]:
        entry = Entry(
            name=theme.name,
            definition=f"{theme.definition} Reworded.",
            parent=theme.parent,
            restates=theme.restates,
        )
        codebook.change(theme=theme, entry=entry, revision=theme.revision, by=by)
    for theme in Theme.objects.of(review).in_use():
        cell, _ = Cell.objects.get_or_create(
            case=case, theme=theme, defaults={"revision": 1, "changed_by": by}
        )
        matrix.summarise(case=case, theme=theme, summary="Seen again.", revision=cell.revision, by=by)


def read_twice(case: Case, people: dict[str, User]) -> int:
    """The case has been read by two and compared; the number of a tag of the second reader."""
    second = build.reviewer(case.review, "rory", by=people["business"])
    reading = second_reading.begin(case=case, first=people["reviewer"], second=second, by=second)
    finding = Finding.objects.filter(case=case).earliest("pk")
    theme = Theme.objects.of(case.review).in_use().earliest("pk")
    second_reading.tag(source=finding, start=0, end=40, themes=[theme], by=second)
    for reader in (people["reviewer"], second):
        second_reading.finish(reading=reading, by=reader)
    return SecondTag.objects.get(reading=reading).pk


def merged(review: Review, by: User) -> CodebookStep:
    """A theme that nothing carries, merged into another."""
    into = Theme.objects.of(review).in_use().filter(strand="desk-top review").earliest("pk")
    spare = codebook.add(review=review, strand=into.strand, entry=Entry(name="Spare"), by=by)
    return reshaping.merge(theme=spare, into=into, by=by)


def release_and_write_on(
    review: Review, team: User, reviewer: User
) -> tuple[ReportSection, ReportVersion, ReportVersion, tuple[str, int]]:
    """A section of the reviewer's own, a version that two people released, and a newer one put forward.

    The last pair is a problem of the report now, and an acceptance of another.
    """
    section = report.add_section(review=review, heading="Thanks", by=reviewer)
    accept_all(review, team)
    released = release.propose(review=review, by=team)
    for approver in (team, User.objects.get(email="business-team-2@kscmp.example")):
        released = release.approve(version=released, by=approver)
    section = report.change_section(
        section=section,
        heading=section.heading,
        body="To everybody who took part. Write to CT1 2AB, or ring 01632 960123.",
        revision=section.revision,
        by=reviewer,
    )
    accept_all(review, team)
    proposed = release.propose(review=review, by=team)
    return section, released, proposed, one_left_open(review, team)


class Young:
    """A review before anything is selected, with its people: team, North's lead and a reviewer."""

    def __init__(self, slug: str, stage: str) -> None:
        self.team = build.user(f"{slug}-bola", opens_reviews=True)
        self.review: Review = build.review(slug, by=self.team, stage=stage)
        self.lead = build.member(
            self.review, f"{slug}-nora", Role.DISTRICT_LEAD, by=self.team, district="North"
        )
        self.reviewer = build.reviewer(self.review, f"{slug}-rita", by=self.team)

    def at(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.review.slug, *more])


def with_cases(slug: str, stage: str, *, first_id: int) -> tuple[Young, Case]:
    """Two cases from each district, a tie among them, and a question to North about the case given back."""
    young = Young(slug, Stage.OPEN)
    asked = build.case(young.review, "North", str(first_id), "pp?a", by=young.lead, evidence="At the visit.")
    for number, (district, marks) in enumerate([("North", "ppaa"), ("South", "ppaa"), ("South", "pppa")]):
        build.case(young.review, district, str(first_id + 1 + number), marks, by=young.team)
    if stage == Stage.SELECTING:
        young.review = reviews.move_to_stage(review=young.review, stage=stage, by=young.team)
    answers.ask(case=asked, slug="housing-issues", by=young.team)
    return young, asked
