"""Opening a review, changing its settings, and moving it from stage to stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from cases import drafts
from cases.actions.about_reviews import locked_to_manage, record_about_review
from cases.actions.profiles import Line, add_version
from cases.errors import Refused
from cases.lifecycle import Activity, check_move, check_stage_allows, is_step_back
from cases.messages import outbox
from cases.models import District, Membership, Review, Role, Slot, Stage, StageChange
from cases.permissions import check_user_can_create_reviews
from kscmp_review.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the business team sets for a review; `districts` in the order in which they are named."""

    title: str
    districts: Sequence[str]
    purpose: str = ""
    cases_per_district: int = 3
    cases_to_select: int = 6
    minimum_matches: int = 6
    minimum_per_district: int = 0
    opens_on: date | None = None
    submissions_close_on: date | None = None
    report_due_on: date | None = None


NUMBERS = ("cases_per_district", "cases_to_select", "minimum_matches", "minimum_per_district")
DATES = ("opens_on", "submissions_close_on", "report_due_on")
LONGEST_DISTRICT = District._meta.get_field("name").max_length or 0


@transaction.atomic
def create(*, slug: str, settings: Settings, characteristics: Sequence[Line], by: User) -> Review:
    """Open a review with version 1 of its profile; `by` becomes a member of its business team.

    Raises Refused with one sentence where the settings contradict each other.
    """
    check_user_can_create_reviews(by)
    _check(settings, number_of_characteristics=len(characteristics))
    if slug != slugify(slug) or not slug:
        raise Refused("The short name may hold lower-case letters, digits and hyphens only.")
    if Review.objects.filter(slug=slug).exists():
        raise Refused("There is a review with this short name already.")
    review = Review(slug=slug, created_by=by)
    _put(review, settings)
    review.full_clean()
    review.save()
    _name_districts(review, settings)
    add_version(review=review, lines=characteristics, reason="", by=by)
    Membership.objects.create(user=by, review=review, role=Role.BUSINESS_TEAM)
    record_about_review("review.created", review, by, after=_fields(review))
    return review


@transaction.atomic
def change_settings(*, review: Review, settings: Settings, by: User) -> Review:
    """Change title, purpose, dates and numbers; districts and quota only while setting up."""
    review = locked_to_manage(review, by)
    if review.stage == Stage.CLOSED:
        raise Refused("The review is closed: its settings stay as they are.")
    _check(settings, number_of_characteristics=review.current_profile.lines.count())
    before = _fields(review)
    names = list(review.districts.values_list("name", flat=True))
    redistricted = (
        names != list(settings.districts) or review.cases_per_district != settings.cases_per_district
    )
    chosen_by = ("cases_to_select", "minimum_matches", "minimum_per_district")
    renumbered = any(getattr(review, name) != getattr(settings, name) for name in chosen_by)
    if redistricted:
        check_stage_allows(review, Activity.CHANGE_SETTINGS)
    if renumbered:
        check_stage_allows(review, Activity.CHANGE_PROFILE)
    _put(review, settings)
    review.full_clean()
    review.save()
    if redistricted:
        if review.cases.exists():
            raise Refused("Cases have been submitted: districts and quota stay as they are.")
        if Membership.objects.filter(review=review, role=Role.DISTRICT_LEAD).exists():
            _keep_named_districts(review, settings)
        else:
            review.districts.all().delete()
        _name_districts(review, settings)
    record_about_review("review.settings changed", review, by, before=before, after=_fields(review))
    return review


@transaction.atomic
def move_to_stage(*, review: Review, stage: str, by: User, reason: str = "") -> Review:
    """Move the review on, or back with a reason."""
    review = locked_to_manage(review, by)
    check_move(review, stage)
    if is_step_back(review, stage) and not reason.strip():
        raise Refused("Give a reason for going back a stage.")
    return set_stage(review=review, stage=stage, by=by, reason=reason)


def set_stage(*, review: Review, stage: str, by: User, reason: str = "") -> Review:
    """Write a stage that has been checked, and record it."""
    change = enter_stage(review=review, stage=stage, by=by, reason=reason)
    before: dict[str, object] = {"stage": change.from_stage}
    record_about_review("review.stage changed", review, by, before=before, after={"stage": change.to_stage})
    return review


def enter_stage(*, review: Review, stage: str, by: User, reason: str = "") -> StageChange:
    """Write a stage with its reason beside it, for an action whose own event says so."""
    before = review.stage
    review.stage = stage
    review.save(update_fields=["stage"])
    change = review.stage_changes.create(
        from_stage=before, to_stage=stage, reason=reason.strip(), changed_by=by
    )
    if stage == Stage.CLOSED:
        drafts.end_in(review)
    outbox.stage_changed(change)
    return change


def _check(settings: Settings, *, number_of_characteristics: int) -> None:
    """Raise Refused with the first contradiction, in a sentence."""
    districts = [" ".join(name.split()) for name in settings.districts]
    opens, closes = settings.opens_on, settings.submissions_close_on
    contradictions = (
        (not settings.title.strip(), "Give the review a title."),
        (not districts or not all(districts), "Name at least one district."),
        (len({name.casefold() for name in districts}) != len(districts), "Each district may be named once."),
        (
            max(map(len, settings.districts), default=0) > LONGEST_DISTRICT,
            f"The name of a district has at most {LONGEST_DISTRICT} characters.",
        ),
        (
            settings.cases_per_district < 1 or settings.cases_to_select < 1,
            "Ask for at least one case a district, and select at least one.",
        ),
        (
            settings.cases_to_select > settings.cases_per_district * len(districts),
            "More cases are to be selected than the districts are asked for.",
        ),
        (
            settings.minimum_per_district < 0 or settings.minimum_matches < 0,
            "A minimum cannot be less than 0.",
        ),
        (
            settings.minimum_per_district * len(districts) > settings.cases_to_select,
            "The minimum a district, times the districts, is more than the cases to select.",
        ),
        (
            settings.minimum_matches > number_of_characteristics,
            "The minimum number of matches is more than the profile has characteristics.",
        ),
        (bool(opens and closes and closes < opens), "Submissions close before the review opens."),
    )
    for contradicts, sentence in contradictions:
        if contradicts:
            raise Refused(sentence)


def _put(review: Review, settings: Settings) -> None:
    for name in ("title", "purpose", *NUMBERS, *DATES):
        setattr(review, name, getattr(settings, name))


def _keep_named_districts(review: Review, settings: Settings) -> None:
    dropped = review.districts.exclude(name__in=settings.districts)
    if Membership.objects.filter(district__in=dropped).exists():
        raise Refused("A district that has a district lead cannot be removed.")
    dropped.delete()


def _name_districts(review: Review, settings: Settings) -> None:
    # Orders are moved out of the way first: two districts may change places.
    review.districts.update(order=F("order") + 10_000)
    for order, name in enumerate(settings.districts, start=1):
        district, _ = District.objects.update_or_create(
            review=review, name=name.strip(), defaults={"order": order}
        )
        district.slots.all().delete()
        Slot.objects.bulk_create(
            (Slot(district=district, number=n) for n in range(1, review.cases_per_district + 1)),
            batch_size=10_000,
        )


def _fields(review: Review) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(review, name) for name in (*NUMBERS, *DATES)}
    return fields | {"stage": review.stage, "districts": review.districts.count()}
