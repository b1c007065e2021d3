"""What every write here passes through first, and the event it leaves behind."""

from collections.abc import Mapping

from cases.errors import Refused, Stale
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Case, Review
from cases.permissions import NotFound
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from kscmp_review.lookups import one
from themes.coding.passages import is_blank, normalised
from themes.models import Finding, InterviewNote, SecondReading, Source
from themes.permissions import check_user_can_write_about, check_user_can_write_findings

SAVED_SINCE = "Somebody else saved this since you opened it. Nothing of yours has been saved yet."


class TagsApart(Refused):
    """A second reader has tags of their own, which are not put here."""


def open_case(case: Case, *, by: User) -> Case:
    """The case as it is now, its review locked; permitted, selected, and at a stage for writing about it."""
    review = _locked(case.review_id)
    return _permitted(Case.objects.get(pk=case.pk), review, by)


def open_text(review: Review, case: str, text: str, *, by: User) -> tuple[Source, Case]:
    """A finding or a note by the public ids of its case and its own, and that case; permitted as `open_case`
    does. Nothing of it was read before the lock, so nothing is read twice.
    """
    review = _locked(review.pk)
    of_case = {"case__review": review, "case__public_id": case}
    of_interview = {f"interview__{name}": value for name, value in of_case.items()}
    notes = InterviewNote.objects.filter(**of_interview, public_id=text)
    found: Source | None = one(Finding.objects.filter(**of_case, public_id=text).select_related("case"))
    found = found or one(notes.select_related("interview__case"))
    if found is None:
        raise NotFound("no such text")
    return found, _permitted(case_of(found), review, by)


def case_of(source: Source) -> Case:
    return source.case if isinstance(source, Finding) else source.interview.case


def _locked(review: int) -> Review:
    locked: Review = Review.objects.select_for_update().get(pk=review)
    return locked


def _permitted(case: Case, review: Review, by: User) -> Case:
    case.review = review
    check_user_can_write_about(by, case)
    check_stage_allows(review, Activity.REVIEW_CASES)
    return case


def check_texts_may_change(case: Case) -> None:
    """Two readers compare the same words: while they read, the texts of the case stay as they are."""
    if SecondReading.objects.under_way().filter(case=case).exists():
        raise Refused(
            "This case is being read a second time: its texts stay as they are until both have finished."
        )


def check_no_second_reading(review: Review) -> None:
    """Themes are neither merged nor split, and no tags brought in, while two readers use them apart."""
    if SecondReading.objects.of(review).under_way().exists():
        raise Refused("A case is being read a second time. Wait until both readers have finished.")


def check_tags_may_change(case: Case, by: User) -> None:
    """The second reader tags apart, and what the first has finished stands until both are compared."""
    reading = one(SecondReading.objects.under_way().filter(case=case))
    if reading is None:
        return
    if reading.second_reader_id == by.pk:
        raise TagsApart("You are reading this case a second time: tag it there.")
    if reading.first_done_at is not None:
        raise Refused("The first reading of this case is finished: its tags stay until both are compared.")


def open_codebook(review: Review, *, by: User) -> Review:
    """The review, locked: its codebook and topic guide may be changed by this person, now."""
    check_user_can_write_findings(by, review)
    review = Review.objects.select_for_update().get(pk=review.pk)
    check_stage_allows(review, Activity.KEEP_CODEBOOK)
    return review


def check_revision(stored: int, seen: int) -> None:
    """Raises Stale when somebody saved since `seen` was read; 0 stands for "not written yet"."""
    if stored != seen:
        raise Stale(SAVED_SINCE)


def written(text: str, otherwise: str) -> str:
    """The text as it is stored: "\\n" newlines, no white space around.

    Refused(`otherwise`) when nothing of it is seen.
    """
    text = normalised(text).strip()
    if is_blank(text):
        raise Refused(otherwise)
    return text


def record_about_case(
    action: str,
    case: Case,
    by: User,
    *,
    object_type: str,
    object_id: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """One event about something of a case; never a text of it."""
    record(
        action,
        by=by,
        review_id=case.review_id,
        object_type=object_type,
        object_id=object_id,
        before=before,
        after={"case": case.public_id, **(after or {})},
    )
