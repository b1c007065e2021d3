"""Which stage follows which, and what each allows."""

from enum import StrEnum

from cases.errors import Refused
from cases.models import Review, Stage


class Activity(StrEnum):
    CHANGE_SETTINGS = "change districts, quotas and numbers"
    CHANGE_PROFILE = "change the risk profile"
    KEEP_INDEX_CASES = "change the index cases"
    SUBMIT = "submit, change or withdraw cases"
    IMPORT = "import cases"
    CORRECT = "correct, ask about and verify answers"
    DECIDE = "decide on cases and confirm the selection"
    REVIEW_CASES = "write findings, interviews and tags"
    KEEP_CODEBOOK = "keep the codebook and the topic guide"
    DRAFT_REPORT = "write the report"
    RELEASE_REPORT = "release the report"
    FOLLOW_UP = "follow the learning up"


ALLOWS: dict[str, frozenset[Activity]] = {
    Stage.SETTING_UP: frozenset(
        {
            Activity.CHANGE_SETTINGS,
            Activity.CHANGE_PROFILE,
            Activity.KEEP_INDEX_CASES,
            Activity.IMPORT,
            Activity.KEEP_CODEBOOK,
        }
    ),
    Stage.OPEN: frozenset(
        {
            Activity.CHANGE_PROFILE,
            Activity.KEEP_INDEX_CASES,
            Activity.SUBMIT,
            Activity.IMPORT,
            Activity.CORRECT,
            Activity.KEEP_CODEBOOK,
        }
    ),
    Stage.SELECTING: frozenset(
        {
            Activity.CHANGE_PROFILE,
            Activity.KEEP_INDEX_CASES,
            Activity.IMPORT,
            Activity.CORRECT,
            Activity.DECIDE,
            Activity.KEEP_CODEBOOK,
        }
    ),
    Stage.REVIEWING: frozenset(
        {Activity.REVIEW_CASES, Activity.KEEP_CODEBOOK, Activity.DRAFT_REPORT, Activity.FOLLOW_UP}
    ),
    Stage.REPORTING: frozenset(
        {
            Activity.REVIEW_CASES,
            Activity.KEEP_CODEBOOK,
            Activity.DRAFT_REPORT,
            Activity.RELEASE_REPORT,
            Activity.FOLLOW_UP,
        }
    ),
    # What was learnt is followed up long after the report has been released.
    Stage.CLOSED: frozenset({Activity.FOLLOW_UP}),
}

# Selecting → reviewing is made by confirming a selection, and back by reopening it: never by hand.
MOVES_BY_HAND: dict[str, tuple[str, ...]] = {
    Stage.SETTING_UP: (Stage.OPEN,),
    Stage.OPEN: (Stage.SELECTING, Stage.SETTING_UP),
    Stage.SELECTING: (Stage.OPEN,),
    Stage.REVIEWING: (Stage.REPORTING,),
    Stage.REPORTING: (Stage.CLOSED, Stage.REVIEWING),
    Stage.CLOSED: (),
}
MOVES_BY_SELECTION: dict[str, tuple[str, ...]] = {
    Stage.SELECTING: (Stage.REVIEWING,),
    Stage.REVIEWING: (Stage.SELECTING,),
}


def stage_allows(review: Review, activity: Activity) -> bool:
    return activity in ALLOWS[review.stage]


def check_stage_allows(review: Review, activity: Activity) -> None:
    """Raises Refused with the stage in words where the activity has no place in it."""
    if not stage_allows(review, activity):
        raise Refused(
            f"The review is at the stage “{review.get_stage_display()}”: you cannot {activity.value} now."
        )


def check_submissions_open(review: Review, *, for_any_district: bool, activity: Activity) -> None:
    """Raises Refused where cases cannot be put forward or changed now.

    The business team, which submits for any district, is bound by the stage alone, to `activity`; a
    district's own people may submit while submissions are open and the deadline has not passed.
    """
    check_stage_allows(review, activity if for_any_district else Activity.SUBMIT)
    if not for_any_district and review.deadline_passed:
        raise Refused("The deadline for submissions has passed. Contact the business team.")


def next_stages(review: Review) -> tuple[str, ...]:
    """Stages to which a person may move the review now, the usual one first."""
    return MOVES_BY_HAND[review.stage]


def is_step_back(review: Review, to: str) -> bool:
    order = list(Stage.values)
    return order.index(to) < order.index(review.stage)


def check_move(review: Review, to: str, *, by_selection: bool = False) -> None:
    moves = MOVES_BY_SELECTION if by_selection else MOVES_BY_HAND
    if to not in moves.get(review.stage, ()):
        raise Refused(
            f"A review cannot go from “{review.get_stage_display()}” to “{Stage(to).label}” this way."
        )
