"""Deciding case by case, confirming, reopening (rule 6)."""

import secrets
from collections.abc import Iterator
from itertools import count

from django.db import transaction
from django.utils import timezone

from cases.actions.reviews import enter_stage
from cases.actions.submissions import record_case
from cases.errors import Refused, Stale
from cases.frozen import digest_of, freeze
from cases.lifecycle import Activity, check_move, check_stage_allows
from cases.models import Case, Decision, Outcome, Review, Selection, Stage, StageChange
from cases.permissions import check_user_can_select
from cases.ranking import Ranking, counts_of, rank_review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record

# What agrees with the suggestion; a tie is suggested neither way, so each decision on it is explained.
AGREES: dict[str, tuple[str, ...]] = {
    "yes": (Outcome.SELECTED,),
    "no": (Outcome.RESERVE, Outcome.NOT_SELECTED),
    "tie": (),
}


def needs_reason(*, suggested: str, outcome: str) -> bool:
    """A decision that departs from the suggestion, or settles a tie, needs a reason."""
    return outcome not in AGREES[suggested]


@transaction.atomic
def decide(*, case: Case, outcome: str, reason: str = "", by: User) -> Decision:
    """Decide on one case; raises Refused where a reason is owed and missing."""
    review = _locked_for_deciding(case.review, by)
    if outcome not in Outcome.values:
        raise Refused("Each case is selected, reserve or not selected.")
    ranking = rank_review(review)
    ranked = ranking.cases().filter(pk=case.pk).first()
    if ranked is None:
        raise Refused("This case has been withdrawn.")
    suggested = ranking.suggestions[counts_of(ranked)]
    if needs_reason(suggested=suggested, outcome=outcome) and not reason.strip():
        raise Refused(
            "Give a reason: this case is tied at the cut-off, and a tie is for a person to decide."
            if suggested == "tie"
            else "Give a reason: this decision departs from the suggestion."
        )
    selection = open_selection(review)
    before = selection.decisions.filter(case=case).values_list("outcome", flat=True).first()
    decision, _ = Decision.objects.update_or_create(
        selection=selection,
        case=case,
        defaults={
            "outcome": outcome,
            "suggested": suggested,
            "reason": reason.strip(),
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )
    record_case(
        "case.decided",
        case,
        by,
        before={"outcome": before},
        after={"outcome": outcome, "suggested": suggested, "selection": selection.number},
    )
    return decision


@transaction.atomic
def accept_suggestions(*, review: Review, by: User) -> int:
    """Decide every undecided case as suggested, ties left open; returns how many were decided.

    Suggested yes becomes selected; no becomes reserve where the case qualifies, else not selected.
    """
    review = _locked_for_deciding(review, by)
    ranking = rank_review(review)
    selection = open_selection(review)
    undecided = ranking.cases().exclude(decisions__selection=selection)
    decisions = []
    for case in undecided:
        counts = counts_of(case)
        suggested = ranking.suggestions[counts]
        if suggested == "tie":
            continue
        qualifies = counts.match_count >= ranking.criteria.minimum
        refused = Outcome.RESERVE if qualifies else Outcome.NOT_SELECTED
        decisions.append(
            Decision(
                selection=selection,
                case=case,
                outcome=Outcome.SELECTED if suggested == "yes" else refused,
                suggested=suggested,
                decided_by=by,
            )
        )
    Decision.objects.bulk_create(decisions, batch_size=2_000)
    _record("selection.suggestions accepted", selection, by, after={"decided": len(decisions)})
    return len(decisions)


@transaction.atomic
def confirm(*, review: Review, by: User, seen: str = "", note: str = "") -> Selection:
    """Freeze the ranking and decisions as they stand, and give each selected case a letter.

    `seen` is the digest of what the person was shown: raises Stale when it has changed since. A number
    selected other than the number suggested needs a `note`.
    """
    review = _locked_for_deciding(review, by)
    check_move(review, Stage.REVIEWING, by_selection=True)
    selection = open_selection(review)
    ranking = rank_review(review)
    if seen and seen != digest_of(freeze(selection, ranking)):
        raise Stale("The ranking or a decision has changed since you opened this page. Look at it again.")
    _check_complete(ranking, selection, note)
    _give_letters(selection)
    selection.confirmed_at, selection.confirmed_by = timezone.now(), by
    selection.frozen = freeze(selection, ranking, note=note)
    selection.digest = digest_of(selection.frozen)
    selection.full_clean()
    selection.save()
    selected = selection.decisions.filter(outcome=Outcome.SELECTED).count()
    change = enter_stage(review=review, stage=Stage.REVIEWING, by=by)
    after = {"selected": selected, "digest": selection.digest}
    _record("selection.confirmed", selection, by, change=change, after=after)
    return selection


@transaction.atomic
def reopen(*, review: Review, reason: str, by: User) -> Selection:
    """Start the next selection from the decisions of the confirmed one, which stays on record."""
    check_user_can_select(by, review)
    review = Review.objects.select_for_update().get(pk=review.pk)
    check_move(review, Stage.SELECTING, by_selection=True)
    if not reason.strip():
        raise Refused("Give a reason for reopening the selection.")
    standing = review.selections.standing().first()
    if standing is None:
        raise Refused("There is no confirmed selection to reopen.")
    standing.reopened_at, standing.reopened_by = timezone.now(), by
    standing.reopened_because = reason.strip()
    standing.save(update_fields=["reopened_at", "reopened_by", "reopened_because"])
    selection = Selection.objects.create(review=review, number=standing.number + 1)
    Decision.objects.bulk_create(
        Decision(
            selection=selection,
            case_id=decision.case_id,
            outcome=decision.outcome,
            suggested=decision.suggested,
            reason=decision.reason,
            decided_by_id=decision.decided_by_id,
            decided_at=decision.decided_at,
        )
        for decision in standing.decisions.filter(case__withdrawn_at=None)
    )
    change = enter_stage(review=review, stage=Stage.SELECTING, by=by, reason=reason)
    _record("selection.reopened", standing, by, change=change, after={"next": selection.number})
    return selection


def open_selection(review: Review) -> Selection:
    """The round being decided, started with the first decision."""
    selection = review.selections.open().first()
    if selection is None:
        newest = review.selections.newest_first().first()
        selection = Selection.objects.create(review=review, number=newest.number + 1 if newest else 1)
    return selection


def _locked_for_deciding(review: Review, by: User) -> Review:
    check_user_can_select(by, review)
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.stage == Stage.REVIEWING:
        raise Refused("The selection has been confirmed. Reopen it to change a decision.")
    check_stage_allows(review, Activity.DECIDE)
    return review


def _check_complete(ranking: Ranking, selection: Selection, note: str) -> None:
    undecided = ranking.cases().exclude(decisions__selection=selection).count()
    if undecided:
        raise Refused(f"{undecided} {'case is' if undecided == 1 else 'cases are'} not decided yet.")
    selected = 0
    decisions = selection.decisions.filter(case__withdrawn_at=None)
    by_case = {decision.case_id: decision for decision in decisions}
    for case in ranking.cases():
        decision, suggested = by_case[case.pk], ranking.suggestions[counts_of(case)]
        selected += decision.outcome == Outcome.SELECTED
        if needs_reason(suggested=suggested, outcome=decision.outcome) and not decision.reason:
            raise Refused(
                "An answer has changed since a case was decided, and the decision now departs from the "
                "suggestion without a reason. Decide the marked cases again."
            )
    if selected == 0:
        raise Refused("No case is selected.")
    if selected != ranking.cutoff.suggested and not note.strip():
        raise Refused(
            f"{selected} selected, {ranking.cutoff.suggested} suggested: "
            "say why the number differs before you confirm."
        )


def _give_letters(selection: Selection) -> None:
    """Letters in random order; a case that stays keeps its own, and none is ever given to another case."""
    review = selection.review
    selected = list(selection.decisions.filter(outcome=Outcome.SELECTED, case__withdrawn_at=None))
    chosen = {decision.case_id for decision in selected}
    used = set(Case.objects.of(review).exclude(letter="").values_list("letter", flat=True))
    for frozen in review.selections.confirmed().values_list("frozen", flat=True):
        used |= {row["letter"] for row in (frozen or {}).get("cases", []) if row["letter"]}
    Case.objects.of(review).exclude(letter="").exclude(pk__in=chosen).update(letter="")
    lettered = set(Case.objects.filter(pk__in=chosen).exclude(letter="").values_list("pk", flat=True))
    fresh = [letter for letter, _ in zip(_letters_not_in(used), chosen - lettered, strict=False)]
    secrets.SystemRandom().shuffle(fresh)
    for pk, letter in zip(sorted(chosen - lettered), fresh, strict=True):
        Case.objects.filter(pk=pk).update(letter=letter)


def _letters_not_in(used: set[str]) -> Iterator[str]:
    return (letter for letter in map(letter_at, count()) if letter not in used)


def letter_at(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA, as columns of a sheet are named."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _record(
    action: str,
    selection: Selection,
    by: User,
    *,
    after: dict[str, object],
    change: StageChange | None = None,
) -> None:
    """`change` is the step from stage to stage that came of it."""
    record(
        action,
        by=by,
        review_id=selection.review_id,
        object_type="selection",
        object_id=str(selection.number),
        before={"stage": change.from_stage} if change else {},
        after=after | ({"stage": change.to_stage} if change else {}),
    )
