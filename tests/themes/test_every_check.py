"""Each check tripped in a report, which cannot be released then, and put right; disabled, it is silent."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db.models import Model

from cases.errors import Refused
from cases.models import Answer, Case, Review
from kscmp_review.accounts.models import User
from tests.themes import build_report_case as build
from tests.themes.accepting import accept_all
from tests.themes.build import HELD
from themes.actions import codebook, interviews, notes, passages, release
from themes.actions.entries import Entry
from themes.models import Cell, Interview, Passage, Theme, TopicQuestion
from themes.report.checks import outcome_of
from themes.report.checks.registry import CHECKS
from themes.report.document import material_of

pytestmark = pytest.mark.django_db
Undo = Callable[[], object]
Trip = Callable[[build.Reported], Undo]
RIGHT = "Checks were asked for and read."


def writing(text: str) -> Trip:
    """A sentence in a section, taken out again."""

    def trip(home: build.Reported) -> Undo:
        home.write(text)
        return lambda: home.write(RIGHT)

    return trip


def name_an_account(home: build.Reported) -> Undo:
    User.objects.filter(pk=home.lead.pk).update(name="Wren Finch")
    return writing("As Wren Finch says.")(home)


def name_in_a_note(home: build.Reported) -> Undo:
    note = home.cases[0].interview.notes.get()
    notes.write(
        case=home.cases[0],
        question=TopicQuestion.objects.get(),
        text=f"{note.text} Ms Bittern rang.",
        revision=1,
        by=home.reviewer,
    )
    return writing("Bittern rang.")(home)


def name_in_a_finding(home: build.Reported) -> Undo:
    build.write_finding(home.cases[1], "Seen by Mrs Bittern at once.", home.reviewer)
    return writing("Bittern rang.")(home)


def name_in(model: type[Model], column: str) -> Trip:
    """In another text about a case, whichever row comes first."""

    def trip(home: build.Reported) -> Undo:
        row = model._base_manager.order_by("pk")[0]
        model._base_manager.filter(pk=row.pk).update(**{column: "Told by Dr Bittern."})
        return writing("Bittern rang.")(home)

    return trip


def summarise(home: build.Reported) -> Undo:
    Cell.objects.create(case=home.cases[0], theme=home.checks, summary="By PC Bittern.", changed_by=home.team)
    return writing("Bittern rang.")(home)


def put_a_name_in_the_purpose(home: build.Reported) -> Undo:
    """The method note prints it."""
    Review.objects.update(purpose="To learn from what Priya did.")
    home.review.refresh_from_db()

    def undo() -> None:
        Review.objects.update(purpose="To learn what helped.")
        home.review.refresh_from_db()

    return undo


def tell_the_program_s_name(home: build.Reported) -> Undo:
    return writing(f"See {home.finding.public_id}.")(home)


def find_something_beyond(home: build.Reported) -> Undo:
    """One more case with practice beyond what is expected: the table of practice changes."""
    finding = build.write_finding(home.cases[2], "Seen at once.", home.reviewer, expectation="beyond")
    build.tag_words(finding, finding.text, [home.checks], home.reviewer, quotable=False)
    return lambda: accept_all(home.review, home.team)


def release_and_quote_less(home: build.Reported) -> Undo:
    home.write(RIGHT)
    version = release.propose(review=home.review, by=home.team)
    for person in (home.team, home.second):
        version = release.approve(version=version, by=person)
    passages.mark_quotable(passage=home.passage, quotable=False, by=home.reviewer)
    return lambda: passages.mark_quotable(passage=home.passage, quotable=True, by=home.reviewer)


def restate_a_characteristic(home: build.Reported) -> Undo:
    codebook.change(
        theme=home.early,
        entry=Entry(name="Early request", restates=home.history.restates),
        revision=1,
        by=home.reviewer,
    )
    return lambda: accept_all(home.review, home.team)


def require_all(home: build.Reported) -> Undo:
    theme = add_theme(home, "Referrals made")
    for case in home.cases[:2]:
        finding = build.write_finding(case, "Referred as procedure says.", home.reviewer)
        build.tag_words(finding, finding.text, [theme], home.reviewer, quotable=False)
    return lambda: codebook.retire(theme=theme, by=home.reviewer)


def find_it_once(home: build.Reported) -> Undo:
    theme = add_theme(home, "Calendars drawn")
    finding = build.write_finding(home.cases[0], "Drawn by hand.", home.reviewer, expectation="beyond")
    build.tag_words(finding, finding.text, [theme], home.reviewer, quotable=False)
    return lambda: codebook.retire(theme=theme, by=home.reviewer)


def add_theme(home: build.Reported, name: str) -> Theme:
    entry = Entry(name=name)
    return codebook.add(review=home.review, strand="desk-top review", entry=entry, by=home.reviewer)


def take_agreement_back(home: build.Reported) -> Undo:
    home.write(f"One said: {build.AGREED} She said more.")

    def record(*, agreed: bool) -> None:
        interview = Case.objects.get(pk=home.cases[0].pk).interview
        interviews.record(
            case=home.cases[0],
            status="done",
            held_on=HELD,
            quoting_agreed=agreed,
            revision=interview.revision,
            by=home.reviewer,
        )

    record(agreed=False)
    return lambda: record(agreed=True)


TRIPS: dict[str, list[Trip]] = {
    "liberi-id": [writing("See 7001 0001."), writing("See ７００１\u200b０００１.")],
    "nhs-number": [writing("Of 999 000 0018.")],
    "pupil-number": [writing("Pupil B801200005001.")],
    "national-insurance-number": [writing("AB 12 34 56 C.")],
    "case-letter": [writing("In Case B it was seen.")],
    "account-holder": [name_an_account],
    "name-in-notes": [
        name_in_a_note,
        name_in_a_finding,
        summarise,
        name_in(Interview, "status_reason"),
        name_in(Passage, "memo"),
        name_in(Answer, "evidence"),
        name_in(Answer, "verified_note"),
    ],
    "public-id": [tell_the_program_s_name],
    "quoting-not-agreed": [
        writing("One said that the plan was written by everyone round that table together."),
        writing("A plan “written by everyone round that table”."),
        take_agreement_back,
    ],
    "unknown-count": [writing("In {{ cases_wanted }}.")],
    "typed-figure": [writing("Seen in all 3 cases.")],
    "postcode": [writing("At CT1 2AB.")],
    "telephone-number": [writing("Ring 01632 960123.")],
    "email": [writing("Ask a.b@kscmp.example.")],
    "exact-date": [writing("On 5 March 2021.")],
    "likely-name": [
        writing("The worker, Priya, came."),
        writing("They met in Whitstable."),
        put_a_name_in_the_purpose,
    ],
    "rare-combination": [writing("The family had housing issues and a history with ICS.")],
    "small-numbers": [
        find_something_beyond,
        writing("| What | Cases |\n|---|---|\n| Moved | 2 |"),
        writing("| Area | Cases |\n|---|---|\n| North | 7 |"),
        writing("In North it was found in {{ cases_with_theme:agency-checks }}."),
    ],
    "released-before": [release_and_quote_less],
    "quotation-unknown": [writing("One said: “We all sat down with her and drew it.”")],
    "quantifier": [
        writing("Most families came."),
        writing("All cases ({{ cases_with_theme:agency-checks }})."),
    ],
    "circular": [
        restate_a_characteristic,
        writing("The file was thick in {{ cases_with_theme:family-history-used }}."),
        writing("In {{ cases_with_theme:agency-checks }} there was substance misuse."),
    ],
    "required-practice": [
        require_all,
        writing("It stood out that {{ cases_with_theme:family-history-used }} had a file."),
    ],
    "one-case": [
        find_it_once,
        writing("In one family it was otherwise."),
        writing("It is in {{ cases_with_theme:family-history-used }}."),
    ],
}
TRIED = [(slug, number) for slug, trips in TRIPS.items() for number in range(len(trips))]


def slugs(home: build.Reported) -> set[str]:
    return {problem.check.slug for problem in outcome_of(material_of(home.review)).blocking}


def test_every_check_is_tripped_here():
    assert set(TRIPS) == set(CHECKS)


@pytest.mark.parametrize(("slug", "number"), TRIED)
def test_a_check_stops_the_release_until_it_is_put_right(slug, number, monkeypatch):
    home = build.reported()
    home.write(RIGHT)
    undo = TRIPS[slug][number](home)
    assert slug in slugs(home)
    with pytest.raises(Refused, match="The checks found"):
        release.propose(review=home.review, by=home.team)
    with monkeypatch.context() as patched:
        patched.setitem(CHECKS, slug, replace(CHECKS[slug], look=lambda looked: ()))
        assert slug not in slugs(home)
    undo()
    assert slug not in slugs(home)
