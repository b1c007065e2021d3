"""Test data, made through the same actions as a person's."""

from collections.abc import Sequence
from datetime import date

from cases.actions import answers as answers_actions
from cases.actions import members, reviews, selections, submissions
from cases.actions.profiles import Line
from cases.actions.submissions import Reported, Submission
from cases.models import Answer, Case, District, Outcome, Presence, Review, Role, Selection, Stage
from cases.ranking import rank_review
from kscmp_review.accounts.models import User

PASSWORD = "a long enough password"
ASSESSED = date(2021, 3, 5)
LINES = (
    Line(slug="parental-mental-health", name="Parental mental health issues", tier="key"),
    Line(slug="parental-substance-misuse", name="Parental substance misuse", tier="key"),
    Line(slug="housing-issues", name="Housing issues", tier="of-interest"),
    Line(slug="family-history", name="Family history of ICS involvement", tier="of-interest"),
)
MARKS = {"p": Presence.PRESENT, "a": Presence.ABSENT, "?": Presence.NOT_KNOWN}


def user(name: str, **fields: bool) -> User:
    """An account `name@kscmp.example` whose password is PASSWORD."""
    return User.objects.create_user(
        email=f"{name}@kscmp.example", password=PASSWORD, name=name.title(), **fields
    )


def review(
    slug: str = "babies",
    *,
    by: User,
    districts: Sequence[str] = ("North", "South"),
    lines: Sequence[Line] = LINES,
    cases_per_district: int = 3,
    cases_to_select: int = 2,
    minimum_matches: int = 2,
    minimum_per_district: int = 0,
    stage: str = Stage.OPEN,
    submissions_close_on: date | None = None,
) -> Review:
    """A review by `by` (who must open reviews), moved on to `stage` (at most selecting)."""
    made = reviews.create(
        slug=slug,
        settings=reviews.Settings(
            title=f"Review of {slug}",
            districts=districts,
            cases_per_district=cases_per_district,
            cases_to_select=cases_to_select,
            minimum_matches=minimum_matches,
            minimum_per_district=minimum_per_district,
            submissions_close_on=submissions_close_on,
        ),
        characteristics=lines,
        by=by,
    )
    for step in (Stage.OPEN, Stage.SELECTING):
        if made.stage != stage:
            made = reviews.move_to_stage(review=made, stage=step, by=by)
    return made


def member(review: Review, name: str, role: str, *, by: User, district: str | None = None) -> User:
    """A new account with a role in the review."""
    account = user(name)
    place = District.objects.get(review=review, name=district) if district else None
    members.add(review=review, user=account, role=role, district=place, by=by)
    return account


def answers(review: Review, marks: str, evidence: str = "") -> dict[str, Reported]:
    """One mark a characteristic of the current profile: p(resent), a(bsent) or ? (not known)."""
    slugs = [line.slug for line in review.current_profile.lines.select_related("characteristic")]
    return {slug: Reported(MARKS[mark], evidence) for slug, mark in zip(slugs, marks, strict=True)}


def case(review: Review, district: str, liberi_id: str, marks: str, *, by: User, evidence: str = "") -> Case:
    """A submitted case."""
    return submissions.submit(
        review=review,
        district=District.objects.get(review=review, name=district),
        submission=Submission(
            liberi_id=liberi_id, assessment_date=ASSESSED, answers=answers(review, marks, evidence)
        ),
        by=by,
    )


def verified(case: Case, slug: str, presence: str, *, note: str = "", by: User) -> Answer:
    """The answer to one characteristic, after the business team found what it found."""
    answers_actions.verify(case=case, found={slug: answers_actions.Found(presence, note)}, by=by)
    return case.answers.get(characteristic__slug=slug)


def confirmed(review: Review, *, by: User) -> Selection:
    """Decide every case — ties and departures with a reason — and confirm: the best `wanted` are selected."""
    if review.stage == Stage.OPEN:
        review = reviews.move_to_stage(review=review, stage=Stage.SELECTING, by=by)
    ranking = rank_review(review)
    for place, ranked in enumerate(ranking.cases()):
        outcome = Outcome.SELECTED if place < ranking.cutoff.suggested else Outcome.NOT_SELECTED
        selections.decide(case=ranked, outcome=outcome, reason="A tie settled for the test.", by=by)
    return selections.confirm(review=review, by=by)


def reviewer(review: Review, name: str, *, by: User) -> User:
    return member(review, name, Role.REVIEWER, by=by)
