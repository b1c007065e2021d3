"""A review whose cases are selected, with a reviewer, a codebook and a topic guide: made through actions."""

from dataclasses import dataclass
from datetime import date

from cases.models import Case, Review, Role
from kscmp_review.accounts.models import User
from tests import build
from themes.actions import codebook, findings, interviews, notes, topic_guide
from themes.actions.entries import Entry
from themes.models import Finding, Interview, InterviewNote, Strand, Theme, TopicQuestion

HELD = date(2022, 3, 10)
READ = date(2021, 4, 14)


@dataclass
class House:
    """People and things of one review: `cases` are the selected ones by letter, `unselected` the others."""

    review: Review
    team: User
    reviewer: User
    colleague: User
    lead: User
    board: User
    outsider: User
    cases: list[Case]
    unselected: Case


def house(slug: str = "babies") -> House:
    """North and South put two cases each forward; two of the four are selected."""
    team = build.user(f"team-{slug}", opens_reviews=True)
    review = build.review(slug, by=team)
    lead = build.member(review, f"lead-{slug}", Role.DISTRICT_LEAD, by=team, district="North")
    for number, (district, marks) in enumerate(
        [("North", "pppp"), ("South", "pppa"), ("North", "paaa"), ("South", "aaaa")], start=1
    ):
        build.case(review, district, f"70{number}", marks, by=team, evidence="Seen at the assessment.")
    build.confirmed(review, by=team)
    review.refresh_from_db()
    cases = Case.objects.of(review)
    return House(
        review=review,
        team=team,
        reviewer=build.reviewer(review, f"reviewer-{slug}", by=team),
        colleague=build.reviewer(review, f"colleague-{slug}", by=team),
        lead=lead,
        board=build.member(review, f"board-{slug}", Role.BOARD_READER, by=team),
        outsider=build.user(f"outsider-{slug}"),
        cases=list(cases.selected().by_letter()),
        unselected=cases.filter(letter="", district__name="North").get(),
    )


def theme(home: House, name: str, *, strand: str = Strand.DESK_TOP, **entry: object) -> Theme:
    return codebook.add(
        review=home.review,
        strand=strand,
        entry=Entry(name=name, **entry),  # type: ignore[arg-type]  # a test names the fields it needs
        by=home.reviewer,
    )


def finding(
    home: House, text: str = "Checks were sent to five agencies.", *, case: int = 0, **fields: str
) -> Finding:
    kinds = {"record_kind": "agency check", "expectation": "required", "quality": "strength", **fields}
    return findings.write(case=home.cases[case], text=text, record_date=READ, by=home.reviewer, **kinds)


def question(home: House, text: str = "What worked well?") -> TopicQuestion:
    return topic_guide.add(review=home.review, text=text, by=home.reviewer)


def interview(home: House, *, case: int = 0, agreed: bool | None = None) -> Interview:
    """An interview that was held, quoting agreed, refused or not asked."""
    return interviews.record(
        case=home.cases[case], status="done", held_on=HELD, quoting_agreed=agreed, by=home.reviewer
    )


def note(home: House, about: TopicQuestion, text: str = "She came early.", *, case: int = 0) -> InterviewNote:
    return notes.write(case=home.cases[case], question=about, text=text, by=home.reviewer)
