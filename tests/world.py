"""Two reviews with everything in them, and a person for each role: what the walk over every address meets."""

from dataclasses import dataclass
from datetime import date

from cases.actions import answers, index_cases, offers, reviews
from cases.models import Case, IndexCase, Membership, Offer, Question, Review, Role, Selection, Stage
from kscmp_review.accounts.models import User
from tests import build
from tests.themes.accepting import accept_all, one_left_open
from themes.actions import (
    codebook,
    findings,
    following_up,
    interviews,
    learning,
    matrix,
    notes,
    passages,
    release,
    report,
    reshaping,
    second_reading,
    topic_guide,
)
from themes.actions.entries import Entry
from themes.models import (
    CodebookStep,
    Finding,
    Interview,
    InterviewNote,
    LearningPoint,
    Passage,
    ReportSection,
    ReportVersion,
    SecondTag,
    Theme,
    TopicQuestion,
)

CANARY = "canary"


@dataclass(frozen=True)
class World:
    """One review after selection, with a selected and an unselected case and one of everything else."""

    review: Review
    people: dict[str, User]
    selected: Case
    unselected: Case
    selection: Selection
    question: Question
    membership: Membership
    offer: Offer
    theme: Theme
    finding: Finding
    passage: Passage
    interview: Interview
    topic: TopicQuestion
    note: InterviewNote
    section: ReportSection
    released: ReportVersion
    proposed: ReportVersion
    problem: str
    acceptance: int
    index_number: int
    step: CodebookStep
    second_tag: int
    learning_point: int


def world(slug: str, *, first_id: int) -> World:
    """A world of its own people: "bola" of the review `babies` is `babies-bola@…`."""
    bola = build.user(f"{slug}-bola", opens_reviews=True)
    review = build.review(slug, by=bola)
    people = {
        "business": bola,
        "north lead": build.member(review, f"{slug}-nora", Role.DISTRICT_LEAD, by=bola, district="North"),
        "south lead": build.member(review, f"{slug}-sam", Role.DISTRICT_LEAD, by=bola, district="South"),
        "reviewer": build.reviewer(review, f"{slug}-rita", by=bola),
        "board reader": build.member(review, f"{slug}-bert", Role.BOARD_READER, by=bola),
    }
    # A number of its own in each world: that of another review is not there under this one's address.
    index_cases.add(review=review, cases=[{"housing-issues": "present"}], by=bola)
    IndexCase.objects.filter(review=review).update(number=first_id // 1000)
    selected = build.case(review, "North", str(first_id), "pppp", by=bola, evidence=f"{CANARY} evidence")
    build.case(review, "North", str(first_id + 1), "pppa", by=bola)
    unselected = build.case(review, "South", str(first_id + 2), "aa?a", by=bola)
    question = answers.ask(case=unselected, slug="housing-issues", by=bola)
    selection = build.confirmed(review, by=bola)
    return _read(
        review=Review.objects.get(pk=review.pk),
        people=people,
        selected=Case.objects.get(pk=selected.pk),
        unselected=Case.objects.get(pk=unselected.pk),
        selection=selection,
        question=question,
    )


def _read(
    *,
    review: Review,
    people: dict[str, User],
    selected: Case,
    unselected: Case,
    selection: Selection,
    question: Question,
) -> World:
    rita = people["reviewer"]
    theme = codebook.add(review=review, strand="desk-top review", entry=Entry(name="Agency checks"), by=rita)
    finding = findings.write(
        case=selected,
        record_kind="case note",
        expectation="expected",
        quality="strength",
        text=f"The {CANARY} finding says what was done.",
        by=rita,
    )
    passage = passages.tag(source=finding, themes=[theme], start=0, end=10, by=rita)
    matrix.summarise(case=selected, theme=theme, summary=f"The {CANARY} summary.", by=rita)
    interview = interviews.record(
        case=selected, status="done", held_on=date(2022, 3, 1), quoting_agreed=True, by=rita
    )
    topic = topic_guide.add(review=review, text="What worked well?", by=rita)
    note = notes.write(case=selected, question=topic, text=f"A {CANARY} note.", by=rita)
    point = _learnt(review, theme, bola=people["business"], rita=rita)
    section, released, proposed, (problem, acceptance) = _reported(review, people)
    return World(
        review=review,
        people=people,
        selected=selected,
        unselected=unselected,
        selection=selection,
        question=question,
        membership=Membership.objects.get(user=people["board reader"]),
        offer=offers.make(
            review=review,
            email=f"{review.slug}-invited@kscmp.example",
            role=Role.REVIEWER,
            by=people["business"],
        ),
        theme=theme,
        finding=finding,
        passage=passage,
        interview=interview,
        topic=topic,
        note=note,
        section=section,
        released=released,
        proposed=proposed,
        problem=problem,
        acceptance=acceptance,
        index_number=IndexCase.objects.get(review=review).number,
        step=_merged(review, rita),
        second_tag=_read_twice(review, selected, finding, theme, people),
        learning_point=point.pk,
    )


def _read_twice(review: Review, case: Case, finding: Finding, theme: Theme, people: dict[str, User]) -> int:
    """The case has been read by two, both have finished; the number of a tag of the second."""
    rory = build.reviewer(review, f"{review.slug}-rory", by=people["business"])
    reading = second_reading.begin(case=case, first=people["reviewer"], second=rory, by=rory)
    second_reading.tag(source=finding, themes=[theme], by=rory)
    for reader in (people["reviewer"], rory):
        second_reading.finish(reading=reading, by=reader)
    return SecondTag.objects.get(reading=reading).pk


def _learnt(review: Review, theme: Theme, *, bola: User, rita: User) -> LearningPoint:
    """A learning point for Health that has been begun."""
    said = learning.Point("Ask early.", ["health"], "Lead midwife", date(2022, 6, 1), [theme])
    point = learning.add(review=review, point=said, by=rita)
    following_up.record_step(point=point, status="in progress", seen=0, by=bola)
    return point


def _merged(review: Review, by: User) -> CodebookStep:
    """A theme that has been merged into another."""
    first, second = (
        codebook.add(review=review, strand="desk-top review", entry=Entry(name=name), by=by)
        for name in ("Case notes", "Notes of a case")
    )
    return reshaping.merge(theme=second, into=first, by=by)


def _reported(
    review: Review, people: dict[str, User]
) -> tuple[ReportSection, ReportVersion, ReportVersion, tuple[str, int]]:
    """An added section, a version that two people released, and one that was put forward after it.

    The last pair is a problem of the report now, and an acceptance of another.
    """
    bola, rita = people["business"], people["reviewer"]
    colleague = build.member(review, f"{review.slug}-bea", Role.BUSINESS_TEAM, by=bola)
    review = reviews.move_to_stage(review=review, stage=Stage.REPORTING, by=bola)
    report.start(review=review, by=rita)
    section = report.add_section(review=review, heading="Thanks", by=rita)
    section = _written(section, "To everybody who took part.", rita)
    accept_all(review, bola)
    released = release.propose(review=review, by=bola)
    for approver in (bola, colleague):
        released = release.approve(version=released, by=approver)
    section = _written(section, "To everybody. Write to CT1 2AB, or ring 01632 960123.", rita)
    accept_all(review, bola)
    proposed = release.propose(review=review, by=bola)
    left_open = one_left_open(review, bola)
    reviews.move_to_stage(review=review, stage=Stage.REVIEWING, by=bola, reason="There is more to read.")
    return section, released, proposed, left_open


def _written(section: ReportSection, body: str, by: User) -> ReportSection:
    return report.change_section(
        section=section, heading=section.heading, body=body, revision=section.revision, by=by
    )
