"""A review whose report can be written: six cases, three selected, with themes, quotations and interviews."""

from dataclasses import dataclass
from typing import Any

from cases.actions import reviews
from cases.models import Case, Characteristic, Review, Role, Stage
from kscmp_review.accounts.models import User
from tests import build
from tests.themes.accepting import accept_all
from tests.themes.build import HELD, READ
from themes.actions import codebook, findings, interviews, notes, passages, report, topic_guide
from themes.actions.entries import Entry
from themes.models import Finding, InterviewNote, Passage, ReportSection, Theme

LIBERI_IDS = ("70010001", "70010002", "70010003", "70010004", "70010005", "00998877")
QUOTABLE = "The replies were set side by side and a difference was followed up."
NOT_QUOTABLE = "canary heron: words of a finding that nobody marked"
EVIDENCE = "canary osprey: an evidence note of a district"
AGREED = "I had half a year, and that is rare."
NOT_AGREED = "canary bittern says that the plan was written by everyone round that table together"
MEMO = "canary curlew in a memo"
REASON = "canary dunlin in a reason for leave"
TEXT = (
    "Checks helped in {{ cases_with_theme:agency-checks }}.\n\n"
    "{{ interviews_done }} took part, of {{ cases_selected }}."
)


@dataclass
class Reported:
    """`team` opened the review, `second` is another of the business team; `cases` are the selected ones."""

    review: Review
    team: User
    second: User
    reviewer: User
    lead: User
    board: User
    outsider: User
    cases: list[Case]
    checks: Theme
    merged: Theme
    history: Theme
    early: Theme
    finding: Finding
    passage: Passage
    refused: InterviewNote

    @property
    def everyone(self) -> list[User]:
        return [self.team, self.second, self.reviewer, self.lead, self.board]

    def section(self, key: str = "context") -> ReportSection:
        return ReportSection.objects.get(review=self.review, key=key)

    def write(self, body: str = TEXT, *, key: str = "context", by: User | None = None) -> ReportSection:
        section = self.section(key)
        return report.change_section(
            section=section,
            heading=section.heading,
            body=body,
            revision=section.revision,
            by=by or self.reviewer,
        )


def reported(slug: str = "babies", *, stage: str = Stage.REPORTING, started: bool = True) -> Reported:
    """North 2 and South 1 selected of six; a finding each, one interview agreed, one refused, one away."""
    people = _people(slug)
    team, review = people.pop("team"), people.pop("review")
    for number, (district, marks) in enumerate(
        [
            ("North", "pppp"),
            ("South", "pppa"),
            ("North", "ppap"),
            ("South", "paaa"),
            ("North", "a?aa"),
            ("South", "aaaa"),
        ]
    ):
        build.case(review, district, LIBERI_IDS[number], marks, by=team, evidence=EVIDENCE)
    build.confirmed(review, by=team)
    review = reviews.move_to_stage(review=Review.objects.get(pk=review.pk), stage=Stage.REPORTING, by=team)
    cases = list(Case.objects.of(review).selected().in_order_of_submission())
    themes = _themes(review, people["reviewer"])
    read = _read(cases, themes, people["reviewer"])
    _heard(review, cases, themes["early"], people["reviewer"], read)
    if started:
        report.start(review=review, by=team)
        # With three cases some counts are small, and one theme is circular: accepted, as they stand.
        accept_all(review, team)
    if stage != Stage.REPORTING:
        review = reviews.move_to_stage(review=review, stage=stage, by=team, reason="Told by the test.")
    return Reported(review=review, team=team, cases=cases, **people, **themes, **read)


def _people(slug: str) -> dict[str, Any]:
    team = build.user(f"team-{slug}", opens_reviews=True)
    review = build.review(slug, by=team, cases_to_select=3)
    return {
        "team": team,
        "review": review,
        "second": build.member(review, f"second-{slug}", Role.BUSINESS_TEAM, by=team),
        "reviewer": build.reviewer(review, f"reviewer-{slug}", by=team),
        "lead": build.member(review, f"lead-{slug}", Role.DISTRICT_LEAD, by=team, district="North"),
        "board": build.member(review, f"board-{slug}", Role.BOARD_READER, by=team),
        "outsider": build.user(f"outsider-{slug}"),
    }


def _themes(review: Review, by: User) -> dict[str, Any]:
    def add(name: str, strand: str = "desk-top review", **entry: object) -> Theme:
        made = Entry(name=name, memo=MEMO, **entry)  # type: ignore[arg-type]  # each theme names the fields it needs
        return codebook.add(review=review, strand=strand, entry=made, by=by)

    checks = add("Agency checks", definition="Other agencies were asked.")
    restated = Characteristic.objects.get(review=review, slug="family-history")
    return {
        "checks": checks,
        "merged": add("Building a history", parent=checks),
        "history": add("Family history used", restates=restated),
        "early": add("Early request for support", "feedback from professionals"),
    }


def write_finding(case: Case, text: str, by: User, **fields: str) -> Finding:
    kinds = {"record_kind": "agency check", "expectation": "required", "quality": "strength", **fields}
    return findings.write(case=case, text=text, record_date=READ, by=by, **kinds)


def tag_words(
    source: Finding | InterviewNote, words: str, themes: list[Theme], by: User, *, quotable: bool
) -> Passage:
    start = source.text.index(words)
    passage = passages.tag(source=source, themes=themes, start=start, end=start + len(words), by=by)
    return passages.mark_quotable(passage=passage, by=by) if quotable else passage


def _read(cases: list[Case], themes: dict[str, Theme], by: User) -> dict[str, Any]:
    first = write_finding(cases[0], f"{QUOTABLE} Then {NOT_QUOTABLE}.", by)
    passage = tag_words(first, QUOTABLE, [themes["checks"], themes["merged"]], by, quotable=True)
    tag_words(first, NOT_QUOTABLE, [themes["history"]], by, quotable=False)
    second = write_finding(cases[1], "Calls were returned the same day.", by, expectation="beyond")
    tag_words(second, second.text, [themes["merged"]], by, quotable=True)
    third = write_finding(
        cases[1], "One agency was not asked.", by, quality="could be better", record_kind="chronology"
    )
    tag_words(third, third.text, [themes["checks"]], by, quotable=True)
    return {"finding": first, "passage": passage}


def _heard(review: Review, cases: list[Case], early: Theme, by: User, read: dict[str, Any]) -> None:
    about = topic_guide.add(review=review, text="What did the timing make possible?", by=by)
    interviews.record(case=cases[0], status="done", held_on=HELD, quoting_agreed=True, by=by)
    agreed = notes.write(case=cases[0], question=about, text=f"“{AGREED}” She said more.", by=by)
    tag_words(agreed, f"“{AGREED}”", [early], by, quotable=True)
    interviews.record(case=cases[1], status="done", held_on=HELD, quoting_agreed=False, by=by)
    read["refused"] = notes.write(case=cases[1], question=about, text=f"{NOT_AGREED}.", by=by)
    tag_words(read["refused"], NOT_AGREED, [early], by, quotable=False)
    interviews.record(case=cases[2], status="unavailable", reason=REASON, by=by)
