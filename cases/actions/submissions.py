"""Putting cases forward: submit, change, withdraw."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import drafts, history, liberi
from cases.counters import recount_by
from cases.errors import Refused, Stale
from cases.lifecycle import Activity, check_submissions_open
from cases.messages import outbox
from cases.models import (
    Answer,
    Case,
    Characteristic,
    District,
    Draft,
    Membership,
    Presence,
    ProfileVersion,
    Question,
    Review,
)
from cases.permissions import (
    NotAllowed,
    Permission,
    check_user_can_submit_for,
    membership_allows,
    membership_of,
)
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record

# The same sentence whatever the cause outside the district's own cases: it must not tell that another
# district holds the ID.
CANNOT_BE_PUT_FORWARD = (
    "This Liberi ID cannot be put forward in this review. Check it against Liberi; "
    "if it is right, contact the business team."
)
ALREADY_YOURS = "Your district has put this Liberi ID forward already."


@dataclass(frozen=True)
class Reported:
    """What a district says of one characteristic, with its evidence note."""

    presence: str = Presence.NOT_KNOWN
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One case as put forward; `answers` by characteristic slug, a missing one is not known."""

    liberi_id: str
    assessment_date: date
    answers: Mapping[str, Reported] = field(default_factory=dict)


@transaction.atomic
def submit(*, review: Review, district: District, submission: Submission, by: User) -> Case:
    """Put a case forward for a district; raises Refused past the quota, the deadline or on a used ID."""
    review = _locked(review)
    _check_may_submit(review, district, by)
    _check_submission(review, submission)
    slot = district.slots.filter(case=None).order_by("number").first()
    if slot is None:
        raise Refused(f"{district} has put forward all {review.cases_per_district} of its cases.")
    _check_id_is_free(review, district, submission.liberi_id)
    case = Case(
        review=review,
        district=district,
        slot=slot,
        assessment_date=submission.assessment_date,
        sequence=review.next_sequence,
        submitted_by=by,
    )
    case.liberi_id = submission.liberi_id
    case.full_clean(validate_unique=False, validate_constraints=False)
    _save(case)
    review.next_sequence += 1
    review.save(update_fields=["next_sequence"])
    answers = _write_answers(case, submission, review.current_profile)
    case.refresh_from_db()
    outbox.cases_put_forward(review, since=case.sequence)
    drafts.end(Draft.objects.about(review, None).filter(user=by))
    history.keep_version(case, by=by)
    record_case("case.submitted", case, by, after=_fields(case) | {"answers": answers})
    return case


@transaction.atomic
def change(*, case: Case, submission: Submission, revision: int, by: User) -> Case:
    """Change a submitted case; raises Stale when somebody saved it since `revision` was read."""
    review = _locked(case.review)
    _check_may_submit(review, case.district, by)
    _check_submission(review, submission)
    case = _locked_case(case)
    if case.revision != revision:
        raise Stale("Somebody has changed this case since you opened it.")
    before = _fields(case) | {"answers": reported_answers(case)}
    history.keep_first_version(case)
    if submission.liberi_id != case.liberi_id:
        _check_id_is_free(review, case.district, submission.liberi_id)
        case.liberi_id = submission.liberi_id
    case.assessment_date = submission.assessment_date
    case.revision += 1
    case.changed_at = timezone.now()
    case.full_clean(validate_unique=False, validate_constraints=False)
    _save(case)
    answers = _write_answers(case, submission, review.current_profile)
    _settle_questions(case, answers)
    case.refresh_from_db()
    drafts.end(Draft.objects.about(review, case).filter(user=by))
    history.keep_version(case, by=by)
    record_case("case.changed", case, by, before=before, after=_fields(case) | {"answers": answers})
    return case


@transaction.atomic
def withdraw(*, case: Case, by: User) -> Case:
    """Take a case back: its slot and its ID are free again, the case stays on record."""
    review = _locked(case.review)
    _check_may_submit(review, case.district, by)
    case = _locked_case(case)
    case.withdrawn_at = timezone.now()
    case.slot = None
    case.revision += 1
    case.save()
    case.decisions.filter(selection__confirmed_at=None).delete()
    drafts.end(Draft.objects.about(review, case))
    record_case("case.withdrawn", case, by)
    return case


def submissions_are_open_to(membership: Membership, review: Review) -> bool:
    """Whether this member may submit, change and withdraw now."""
    try:
        _check_open(membership, review)
    except Refused:
        return False
    return True


def check_may_submit_in(review: Review, by: User) -> None:
    """For some district of the review: raises as `submit` would, before one is chosen."""
    membership = membership_of(by, review)
    submitter = (Permission.SUBMIT_ANY_DISTRICT, Permission.SUBMIT_OWN_DISTRICT)
    if not any(membership_allows(membership, permission) for permission in submitter):
        raise NotAllowed("this role does not submit cases")
    _check_open(membership, review)


def reported_answers(case: Case) -> dict[str, str]:
    """Slug → what the district reported, for the audit."""
    return dict(case.answers.values_list("characteristic__slug", "reported").order_by("characteristic"))


def record_case(
    action: str,
    case: Case,
    by: User,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """One event about a case, by its public id."""
    record(
        action,
        by=by,
        review_id=case.review_id,
        object_type="case",
        object_id=case.public_id,
        before=before,
        after=after,
    )


def _locked(review: Review) -> Review:
    return Review.objects.select_for_update().get(pk=review.pk)


def _locked_case(case: Case) -> Case:
    case = Case.objects.select_related("district", "review").get(pk=case.pk)
    if case.withdrawn_at is not None:
        raise Refused("This case has been withdrawn.")
    return case


def _check_may_submit(review: Review, district: District, by: User) -> None:
    _check_open(check_user_can_submit_for(by, review, district), review)


def _check_open(membership: Membership, review: Review) -> None:
    for_any_district = membership_allows(membership, Permission.SUBMIT_ANY_DISTRICT)
    check_submissions_open(review, for_any_district=for_any_district, activity=Activity.CORRECT)


def _check_submission(review: Review, submission: Submission) -> None:
    if not liberi.is_liberi_id(submission.liberi_id):
        raise Refused(f"A Liberi ID is digits only, at most {liberi.LONGEST} of them.")
    if submission.assessment_date > timezone.localdate():
        raise Refused("The assessment date is in the future.")
    for reported in submission.answers.values():
        if reported.presence not in Presence.values:
            raise Refused("Each answer is present, absent or not known.")


def _check_id_is_free(review: Review, district: District, liberi_id: str) -> None:
    same = Case.objects.of(review).live().filter(liberi_id_digest=liberi.digest(liberi_id)).first()
    if same is not None:
        raise Refused(ALREADY_YOURS if same.district_id == district.pk else CANNOT_BE_PUT_FORWARD)


def _save(case: Case) -> None:
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        # The checks above lost a race that the lock should have won: the constraint has the last word.
        raise Refused(CANNOT_BE_PUT_FORWARD) from error


def _write_answers(case: Case, submission: Submission, profile: ProfileVersion) -> dict[str, str]:
    """Write what was reported and count the case again; returns slug → presence, for the audit."""
    characteristics = _characteristics(profile)
    unknown = set(submission.answers) - set(characteristics)
    if unknown:
        raise Refused("An answer is about no characteristic of the current profile.")
    Answer.objects.bulk_create(
        [
            Answer(
                case=case,
                characteristic=characteristics[slug],
                reported=reported.presence,
                evidence=reported.evidence.strip(),
            )
            for slug, reported in submission.answers.items()
        ],
        update_conflicts=True,
        unique_fields=["case", "characteristic"],
        update_fields=["reported", "evidence"],
    )
    recount_by(Case.objects.filter(pk=case.pk), profile)
    return {slug: str(reported.presence) for slug, reported in submission.answers.items()}


def _settle_questions(case: Case, answers: Mapping[str, str]) -> None:
    """A district that finds out what it was asked and changes the case has answered."""
    known = [slug for slug, presence in answers.items() if presence != Presence.NOT_KNOWN]
    Question.objects.settle(case, Characteristic.objects.filter(review=case.review_id, slug__in=known))


def _characteristics(profile: ProfileVersion) -> dict[str, Characteristic]:
    return {line.slug: line.characteristic for line in profile.lines.select_related("characteristic")}


def _fields(case: Case) -> dict[str, object]:
    return {
        "district": case.district.name,
        "assessment_date": case.assessment_date,
        "revision": case.revision,
        "match_count": case.match_count,
    }
