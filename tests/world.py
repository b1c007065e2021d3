"""Two reviews with everything in them, and a person for each role: what the walk over every address meets."""

from dataclasses import dataclass
from datetime import date

from cases.actions import answers
from cases.models import Case, Membership, Question, Review, Role, Selection
from kscmp_review.accounts.models import User
from tests import build
from themes.actions import codebook, findings, interviews, notes, passages, topic_guide
from themes.actions.codebook import Entry
from themes.models import Finding, Interview, InterviewNote, Passage, Theme, TopicQuestion

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
    theme: Theme
    finding: Finding
    passage: Passage
    interview: Interview
    topic: TopicQuestion
    note: InterviewNote


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
    interview = interviews.record(
        case=selected, status="done", held_on=date(2022, 3, 1), quoting_agreed=True, by=rita
    )
    topic = topic_guide.add(review=review, text="What worked well?", by=rita)
    note = notes.write(case=selected, question=topic, text=f"A {CANARY} note.", by=rita)
    return World(
        review=review,
        people=people,
        selected=selected,
        unselected=unselected,
        selection=selection,
        question=question,
        membership=Membership.objects.get(user=people["board reader"]),
        theme=theme,
        finding=finding,
        passage=passage,
        interview=interview,
        topic=topic,
        note=note,
    )
