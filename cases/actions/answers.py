"""Verifying what a district reported, and asking it for what is not known."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cases import history
from cases.actions.submissions import record_case
from cases.counters import recount_by
from cases.errors import Refused, Stale
from cases.lifecycle import Activity, check_stage_allows
from cases.messages import outbox
from cases.models import Answer, Case, Characteristic, Presence, ProfileVersion, Question, Review
from cases.permissions import check_user_can_select, check_user_can_submit_for
from kscmp_review.accounts.models import User

KNOWN = (Presence.PRESENT, Presence.ABSENT)


@dataclass(frozen=True)
class Found:
    """What the business team found for one characteristic; None takes a verification back."""

    presence: str | None
    note: str = ""


@transaction.atomic
def verify(*, case: Case, found: Mapping[str, Found], revision: int | None = None, by: User) -> int:
    """Set what was found by characteristic slug, beside what was reported; returns how many changed.

    An open question to the district about one is closed once its answer is known. Raises Stale when somebody
    changed the case since `revision` was read, and Refused where nothing differs from what stands.
    """
    review = _locked_for_correcting(case, by)
    profile = review.current_profile
    asked_about = {slug: _asked_about(profile, slug) for slug in found}
    case.refresh_from_db()
    if revision is not None and case.revision != revision:
        raise Stale("Somebody has changed this case since you opened it.")
    given = {
        answer.characteristic_id: answer
        for answer in case.answers.filter(characteristic__in=asked_about.values())
    }
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for slug, characteristic in asked_about.items():
        answer = given.get(characteristic.pk) or Answer(case=case, characteristic=characteristic)
        was = answer.verified
        if _set_found(answer, found[slug], by):
            before[slug], after[slug] = was, answer.verified
    if not after:
        raise Refused("Nothing is different from what stands: verify or correct an answer first.")
    settled = [asked_about[slug] for slug, presence in after.items() if presence in KNOWN]
    Question.objects.open().filter(case=case, characteristic__in=settled).update(answered_at=timezone.now())
    _recount(case, profile)
    record_case("answers.verified", case, by, before=before, after=after)
    return len(after)


def _set_found(answer: Answer, found: Found, by: User) -> bool:
    """Whether that changed anything."""
    if found.presence is not None and found.presence not in Presence.values:
        raise Refused("An answer is present, absent or not known.")
    note = found.note.strip() if found.presence is not None else ""
    if (answer.verified, answer.verified_note) == (found.presence, note):
        return False
    answer.verified, answer.verified_note = found.presence, note
    answer.verified_by, answer.verified_at = (None, None) if found.presence is None else (by, timezone.now())
    answer.save()
    return True


@transaction.atomic
def ask(*, case: Case, slug: str, by: User) -> Question:
    """Ask the district to find out an answer that is not known."""
    review = _locked_for_correcting(case, by)
    characteristic = _asked_about(review.current_profile, slug)
    answer = Answer.objects.filter(case=case, characteristic=characteristic).first()
    if answer is not None and answer.presence != Presence.NOT_KNOWN:
        raise Refused("This answer is known: there is nothing to ask.")
    if Question.objects.open().filter(case=case, characteristic=characteristic).exists():
        raise Refused("The district has been asked this already.")
    question = Question.objects.create(case=case, characteristic=characteristic, asked_by=by)
    outbox.question_asked(question)
    record_case("question.asked", case, by, after={"characteristic": slug})
    return question


@transaction.atomic
def reply(*, question: Question, presence: str, evidence: str = "", by: User) -> Answer:
    """A district answers what it was asked, also after the deadline: it was asked to."""
    case = question.case
    check_user_can_submit_for(by, case.review, case.district)
    review = Review.objects.select_for_update().get(pk=case.review_id)
    check_stage_allows(review, Activity.CORRECT)
    question = Question.objects.select_related("case", "characteristic").get(pk=question.pk)
    if question.case.withdrawn_at is not None:
        raise Refused("This case has been withdrawn.")
    if question.answered_at is not None:
        raise Refused("This question has been answered already.")
    if presence not in Presence.values:
        raise Refused("An answer is present, absent or not known.")
    history.keep_first_version(case)
    answer, _ = Answer.objects.get_or_create(case=case, characteristic=question.characteristic)
    before = answer.reported
    answer.reported, answer.evidence = presence, evidence.strip() or answer.evidence
    answer.save()
    question.answered_at = timezone.now()
    question.save()
    _recount(case, review.current_profile)
    history.keep_version(case, by=by)
    slug = question.characteristic.slug
    record_case("question.answered", case, by, before={slug: before}, after={slug: presence})
    return answer


def _locked_for_correcting(case: Case, by: User) -> Review:
    check_user_can_select(by, case.review)
    review = Review.objects.select_for_update().get(pk=case.review_id)
    check_stage_allows(review, Activity.CORRECT)
    if Case.objects.live().filter(pk=case.pk).exists():
        return review
    raise Refused("This case has been withdrawn.")


def _asked_about(profile: ProfileVersion, slug: str) -> Characteristic:
    line = profile.lines.select_related("characteristic").filter(characteristic__slug=slug).first()
    if line is None:
        raise Refused("This characteristic is not in the current profile.")
    return line.characteristic


def _recount(case: Case, profile: ProfileVersion) -> None:
    Case.objects.filter(pk=case.pk).update(revision=F("revision") + 1, changed_at=timezone.now())
    recount_by(Case.objects.filter(pk=case.pk), profile)
    case.refresh_from_db()
