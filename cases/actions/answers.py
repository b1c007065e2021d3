"""Verifying what a district reported, and asking it for what is not known."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from cases import history, matching
from cases.actions.submissions import record_case
from cases.counters import recount_by
from cases.errors import Refused, Stale
from cases.lifecycle import Activity, check_stage_allows
from cases.matching import CaseAnswers, Profile, count_case, effective_answer
from cases.messages import outbox
from cases.models import (
    Answer,
    Case,
    Characteristic,
    Presence,
    ProfileLine,
    ProfileVersion,
    Question,
    Review,
)
from cases.permissions import check_user_can_select, check_user_can_submit_for
from kscmp_review.accounts.models import User

KNOWN = (Presence.PRESENT, Presence.ABSENT)
WITHDRAWN = "This case has been withdrawn."
NOT_IN_PROFILE = "This characteristic is not in the current profile."
VERIFIED = ("verified", "verified_note", "verified_by", "verified_at")
COUNTED = (
    "revision", "changed_at", "match_count", "key_count", "not_known_count", "key_not_known_count",
    "verified_count",
)  # fmt: skip


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
    review = check_user_can_select(by, case.review, lock=True).review
    check_stage_allows(review, Activity.CORRECT)
    lines = {line.slug: line for line in review.current_lines}
    if not found.keys() <= lines.keys():
        raise Refused(NOT_IN_PROFILE)
    given, asked = _read_again(case, lines)
    if case.withdrawn_at is not None:
        raise Refused(WITHDRAWN)
    if revision is not None and case.revision != revision:
        raise Stale("Somebody has changed this case since you opened it.")
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for slug, each in found.items():
        answer = given.get(slug) or Answer(case=case, characteristic=lines[slug].characteristic)
        was = answer.verified
        if _set_found(answer, each, by):
            before[slug], after[slug] = was, answer.verified
            given[slug] = answer
    if not after:
        raise Refused("Nothing is different from what stands: verify or correct an answer first.")
    if asked:
        known = [lines[slug].characteristic_id for slug, presence in after.items() if presence in KNOWN]
        Question.objects.settle(case, known)
    _count(case, given, lines)
    record_case("answers.verified", case, by, before=before, after=after)
    return len(after)


def _read_again(case: Case, lines: Mapping[str, ProfileLine]) -> tuple[dict[str, Answer], bool]:
    """Slug → answer, and whether the district is asked something; the case is read again with them."""
    asked = Exists(Question.objects.open().filter(case=OuterRef("case")))
    answers = list(Answer.objects.filter(case=case.pk).select_related("case").annotate(asked=asked))
    if not answers:
        case.refresh_from_db()
        return {}, Question.objects.open().filter(case=case).exists()
    for field in Case._meta.concrete_fields:
        setattr(case, field.attname, getattr(answers[0].case, field.attname))
    given: dict[int, Answer] = {answer.characteristic_id: answer for answer in answers}
    known = {
        slug: given[line.characteristic_id] for slug, line in lines.items() if line.characteristic_id in given
    }
    return known, answers[0].asked


def _count(case: Case, given: Mapping[str, Answer], lines: Mapping[str, ProfileLine]) -> None:
    """Raise the revision and set the counters, worked out from all the answers (rules 1 and 5)."""
    profile = Profile(tuple(matching.Characteristic(slug, line.tier) for slug, line in lines.items()))
    answers = {slug: effective_answer(answer.reported, answer.verified) for slug, answer in given.items()}
    counts = count_case(CaseAnswers(case.pk, "", case.sequence, answers), profile)
    case.match_count, case.key_count = counts.match_count, counts.key_count
    case.not_known_count, case.key_not_known_count = counts.not_known, counts.key_not_known or 0
    case.verified_count = sum(given[slug].verified is not None for slug in lines if slug in given)
    case.revision, case.changed_at = case.revision + 1, timezone.now()
    case.save(update_fields=COUNTED)


def _set_found(answer: Answer, found: Found, by: User) -> bool:
    """Whether that changed anything."""
    if found.presence is not None and found.presence not in Presence.values:
        raise Refused("An answer is present, absent or not known.")
    note = found.note.strip() if found.presence is not None else ""
    if (answer.verified, answer.verified_note) == (found.presence, note):
        return False
    answer.verified, answer.verified_note = found.presence, note
    answer.verified_by, answer.verified_at = (None, None) if found.presence is None else (by, timezone.now())
    answer.save(update_fields=VERIFIED if answer.pk else None)
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
        raise Refused(WITHDRAWN)
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
    raise Refused(WITHDRAWN)


def _asked_about(profile: ProfileVersion, slug: str) -> Characteristic:
    line = profile.lines.select_related("characteristic").filter(characteristic__slug=slug).first()
    if line is None:
        raise Refused(NOT_IN_PROFILE)
    return line.characteristic


def _recount(case: Case, profile: ProfileVersion) -> None:
    Case.objects.filter(pk=case.pk).update(revision=F("revision") + 1, changed_at=timezone.now())
    recount_by(Case.objects.filter(pk=case.pk), profile)
    case.refresh_from_db()
