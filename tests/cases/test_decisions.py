"""Rule 6: decisions with reasons, a frozen record, letters by chance, and reopening."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from cases.actions import answers, profiles, selections, submissions
from cases.actions.reviews import move_to_stage
from cases.errors import Refused, Stale
from cases.frozen import digest_of, freeze
from cases.models import Case, Outcome, Review, Selection, Stage
from cases.permissions import NotAllowed
from cases.ranking import rank_review
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build


@pytest.fixture
def cases(review: Review, bola: User) -> dict[str, Case]:
    """Best first: `sure`, then two tied for the second place, then one that does not qualify."""
    made = {
        "sure": build.case(review, "North", "007990001", "pppp", by=bola),
        "tied": build.case(review, "North", "007990002", "ppaa", by=bola),
        "level": build.case(review, "South", "007990003", "ppaa", by=bola),
        "low": build.case(review, "South", "007990004", "p?aa", by=bola),
    }
    move_to_stage(review=review, stage=Stage.SELECTING, by=bola)
    return made


def decide_all(cases: dict[str, Case], by: User, **changes: str) -> None:
    outcomes = {
        "sure": Outcome.SELECTED,
        "tied": Outcome.SELECTED,
        "level": Outcome.RESERVE,
        "low": Outcome.NOT_SELECTED,
    } | changes
    for name, outcome in outcomes.items():
        selections.decide(case=cases[name], outcome=outcome, reason="Because it is so.", by=by)


def letters(review: Review) -> dict[int, str]:
    return dict(Case.objects.of(review).exclude(letter="").values_list("pk", "letter"))


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("sure", Outcome.RESERVE),
        ("sure", Outcome.NOT_SELECTED),
        ("low", Outcome.SELECTED),
        ("tied", Outcome.SELECTED),
        ("tied", Outcome.NOT_SELECTED),
    ],
)
def test_departing_and_settling_a_tie_need_a_reason(
    cases: dict[str, Case], bola: User, name: str, outcome: str
) -> None:
    with pytest.raises(Refused, match="Give a reason"):
        selections.decide(case=cases[name], outcome=outcome, reason="  ", by=bola)
    assert not cases[name].decisions.exists()
    decision = selections.decide(case=cases[name], outcome=outcome, reason=" Because. ", by=bola)
    assert (decision.outcome, decision.reason) == (outcome, "Because.")


@pytest.mark.parametrize(("name", "outcome"), [("sure", Outcome.SELECTED), ("low", Outcome.RESERVE)])
def test_agreeing_with_the_suggestion_needs_none(
    cases: dict[str, Case], bola: User, name: str, outcome: str
) -> None:
    assert selections.decide(case=cases[name], outcome=outcome, by=bola).suggested in {"yes", "no"}


def test_accepting_suggestions_leaves_ties_and_earlier_decisions(
    review: Review, cases: dict[str, Case], bola: User
) -> None:
    selections.decide(case=cases["low"], outcome=Outcome.RESERVE, by=bola)
    assert selections.accept_suggestions(review=review, by=bola) == 1
    decided = dict(Selection.objects.get().decisions.values_list("case", "outcome"))
    assert decided == {cases["sure"].pk: Outcome.SELECTED, cases["low"].pk: Outcome.RESERVE}


def test_nobody_decides_before_submissions_close(review: Review, bola: User) -> None:
    case = build.case(review, "North", "007990005", "pppp", by=bola)
    with pytest.raises(Refused, match="Open for submissions"):
        selections.decide(case=case, outcome=Outcome.SELECTED, by=bola)


def test_reviewer_does_not_decide(cases: dict[str, Case], rita: User) -> None:
    with pytest.raises(NotAllowed):
        selections.decide(case=cases["sure"], outcome=Outcome.SELECTED, by=rita)


def test_withdrawn_case_is_not_decided(cases: dict[str, Case], bola: User) -> None:
    submissions.withdraw(case=cases["sure"], by=bola)
    with pytest.raises(Refused, match="withdrawn"):
        selections.decide(case=cases["sure"], outcome=Outcome.SELECTED, by=bola)


def test_undecided_case_blocks_confirming(review: Review, cases: dict[str, Case], bola: User) -> None:
    selections.accept_suggestions(review=review, by=bola)
    with pytest.raises(Refused, match="2 cases are not decided yet"):
        selections.confirm(review=review, by=bola)
    assert not Selection.objects.confirmed().exists()


def test_number_other_than_suggested_needs_a_note(review: Review, cases: dict[str, Case], bola: User) -> None:
    decide_all(cases, bola, level=Outcome.SELECTED)
    with pytest.raises(Refused, match="3 selected, 2 suggested"):
        selections.confirm(review=review, by=bola)
    frozen = selections.confirm(review=review, by=bola, note="Both tied cases are strong.").frozen
    assert frozen is not None
    assert frozen["note"] == "Both tied cases are strong."


def test_decision_that_departs_since_an_answer_changed_is_to_be_made_again(
    review: Review, cases: dict[str, Case], bola: User
) -> None:
    decide_all(cases, bola)
    selections.decide(case=cases["low"], outcome=Outcome.NOT_SELECTED, by=bola)
    for slug in ("parental-substance-misuse", "housing-issues", "family-history"):
        build.verified(cases["low"], slug, "present", by=bola)
    with pytest.raises(Refused, match="Decide the marked cases again"):
        selections.confirm(review=review, by=bola)


def test_confirming_freezes_all_of_it(review: Review, cases: dict[str, Case], bola: User) -> None:
    decide_all(cases, bola)
    selection = selections.confirm(review=review, by=bola)
    frozen = selection.frozen
    assert frozen is not None
    assert frozen["confirmed_by"] == bola.email
    assert frozen["profile"]["version"] == 1
    assert [line["slug"] for line in frozen["profile"]["characteristics"]] == [
        line.slug for line in build.LINES
    ]
    rows = {row["case"]: row for row in frozen["cases"]}
    low = rows[cases["low"].public_id]
    assert (low["rank"], low["match_count"], low["lowest"], low["highest"]) == (4, 1, 1, 2)
    assert low["answers"]["parental-substance-misuse"]["presence"] == "not known"
    assert low["decision"]["outcome"] == Outcome.NOT_SELECTED
    assert low["decision"]["reason"] == "Because it is so."
    assert low["decision"]["decided_by"] == bola.email
    assert "007990004" not in str(frozen)


def test_record_keeps_its_digest_in_the_database(review: Review, cases: dict[str, Case], bola: User) -> None:
    decide_all(cases, bola)
    digest = selections.confirm(review=review, by=bola).digest
    kept = Selection.objects.get()
    assert kept.frozen is not None
    assert digest_of(kept.frozen) == kept.digest == digest


def test_nothing_confirmed_changes_before_it_is_reopened(
    review: Review, cases: dict[str, Case], bola: User
) -> None:
    decide_all(cases, bola)
    selections.confirm(review=review, by=bola)
    changed = submissions.Submission(liberi_id="007990001", assessment_date=build.ASSESSED, answers={})
    attempts = [
        lambda: build.verified(cases["sure"], "housing-issues", "absent", by=bola),
        lambda: answers.ask(case=cases["low"], slug="parental-substance-misuse", by=bola),
        lambda: submissions.change(case=cases["sure"], submission=changed, revision=1, by=bola),
        lambda: submissions.withdraw(case=cases["sure"], by=bola),
        lambda: selections.decide(case=cases["sure"], outcome=Outcome.SELECTED, by=bola),
        lambda: selections.accept_suggestions(review=review, by=bola),
        lambda: selections.confirm(review=review, by=bola),
        lambda: profiles.change(review=review, lines=build.LINES[:3], reason="Fewer.", by=bola),
    ]
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()


def test_only_selected_cases_have_letters_from_a_on(
    review: Review, cases: dict[str, Case], bola: User
) -> None:
    decide_all(cases, bola)
    selections.confirm(review=review, by=bola)
    given = letters(review)
    assert set(given) == {cases["sure"].pk, cases["tied"].pk}
    assert set(given.values()) == {"A", "B"}


def test_letters_follow_the_shuffle_and_neither_rank_nor_district(
    review: Review, cases: dict[str, Case], bola: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Reversed:
        def shuffle(self, letters: list[str]) -> None:
            letters.reverse()

    monkeypatch.setattr("cases.actions.selections.secrets.SystemRandom", Reversed)
    decide_all(cases, bola)
    selections.confirm(review=review, by=bola)
    assert letters(review) == {cases["sure"].pk: "B", cases["tied"].pk: "A"}


def test_letter_is_never_given_to_another_case(review: Review, cases: dict[str, Case], bola: User) -> None:
    decide_all(cases, bola)
    first = selections.confirm(review=review, by=bola)
    before = letters(review)
    selections.reopen(review=review, reason="The other of the tie is better.", by=bola)
    decide_all(cases, bola, tied=Outcome.RESERVE, level=Outcome.SELECTED)
    selections.confirm(review=review, by=bola)
    assert letters(review) == {cases["sure"].pk: before[cases["sure"].pk], cases["level"].pk: "C"}
    first.refresh_from_db()
    assert first.frozen is not None
    kept = {row["case"]: row["letter"] for row in first.frozen["cases"] if row["letter"]}
    assert kept == {cases[name].public_id: before[cases[name].pk] for name in ("sure", "tied")}


def test_reopened_selection_stays_on_record_unchanged(
    review: Review, cases: dict[str, Case], bola: User
) -> None:
    decide_all(cases, bola)
    first = selections.confirm(review=review, by=bola)
    with pytest.raises(Refused, match="Give a reason"):
        selections.reopen(review=review, reason=" ", by=bola)
    second = selections.reopen(review=review, reason="One answer was wrong.", by=bola)
    build.verified(cases["sure"], "housing-issues", "absent", by=bola)
    kept = Selection.objects.get(number=1)
    assert (kept.frozen, kept.digest) == (first.frozen, first.digest)
    assert kept.reopened_because == "One answer was wrong."
    assert (second.number, second.decisions.count()) == (2, 4)
    assert Review.objects.get(pk=review.pk).stage == Stage.SELECTING


def test_confirming_what_was_not_seen_is_refused(review: Review, cases: dict[str, Case], bola: User) -> None:
    decide_all(cases, bola)
    seen = digest_of(freeze(Selection.objects.get(), rank_review(review)))
    selections.decide(case=cases["low"], outcome=Outcome.RESERVE, reason="After all.", by=bola)
    with pytest.raises(Stale):
        selections.confirm(review=review, by=bola, seen=seen)
    seen = digest_of(freeze(Selection.objects.get(), rank_review(review)))
    assert selections.confirm(review=review, by=bola, seen=seen).confirmed_at


def test_audit_has_numbers_and_no_reason(review: Review, cases: dict[str, Case], bola: User) -> None:
    decide_all(cases, bola)
    selections.confirm(review=review, by=bola)
    events = AuditEvent.objects.filter(action__in=["case.decided", "selection.confirmed"])
    assert events.count() == 5
    assert not any("Because" in str((event.before, event.after)) for event in events)


@pytest.mark.django_db(transaction=True)
def test_confirming_at_the_same_moment_gives_one_selection() -> None:
    bola = build.user("bola", opens_reviews=True)
    review = build.review(by=bola)
    for liberi_id in ("007990001", "007990002"):
        build.case(review, "North", liberi_id, "pppp", by=bola)
    move_to_stage(review=review, stage=Stage.SELECTING, by=bola)
    selections.accept_suggestions(review=review, by=bola)
    start = Barrier(4)

    def confirm(_: int) -> str:
        try:
            start.wait(timeout=60)
            selections.confirm(review=review, by=bola)
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "confirmed"

    with ThreadPoolExecutor(4) as threads:
        results = sorted(threads.map(confirm, range(4)))
    assert results == ["confirmed", "refused", "refused", "refused"]
    assert Selection.objects.count() == 1
    assert sorted(Case.objects.values_list("letter", flat=True)) == ["A", "B"]
