"""Importing the cases of a sheet: all or none, in one transaction, with one audit event."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases import bulk, liberi
from cases.actions.about_reviews import record_about_review
from cases.errors import Refused
from cases.history import Said, keep_first_versions
from cases.imports import Faulty, SheetCase, faults_in_review
from cases.lifecycle import Activity, check_submissions_open
from cases.matching import NOT_KNOWN, CaseAnswers, Characteristic, Profile, count_case
from cases.messages import outbox
from cases.models import Answer, Case, Membership, ProfileLine, Review, Slot
from cases.permissions import NotAllowed, Permission, membership_allows, membership_of
from cases.public_ids import new_public_ids
from kscmp_review.accounts.models import User

AT_A_TIME = 5_000
Progress = Callable[[int, int], None]
CASE_COLUMNS = (
    "id", "public_id", "slot_id", "district_id", "sequence", "liberi_id_sealed", "liberi_id_digest",
    "assessment_date", "match_count", "key_count", "not_known_count", "key_not_known_count",
    "review_id", "submitted_by_id", "submitted_at", "changed_at", "letter", "revision", "verified_count",
)  # fmt: skip
ANSWER_COLUMNS = ("case_id", "characteristic_id", "reported", "evidence", "verified_note")


def unwatched(done: int, total: int) -> None:
    """Nobody watches how far along an import is."""


def check_user_can_import(user: User, review: Review) -> Membership:
    """Business team until the selection is confirmed; a district lead while submissions are open to them."""
    membership = membership_of(user, review)
    for_any_district = membership_allows(membership, Permission.SUBMIT_ANY_DISTRICT)
    if not for_any_district and not membership_allows(membership, Permission.SUBMIT_OWN_DISTRICT):
        raise NotAllowed("this role does not submit cases")
    check_submissions_open(review, for_any_district=for_any_district, activity=Activity.IMPORT)
    return membership


@transaction.atomic
def import_cases(
    *, review: Review, cases: Sequence[SheetCase], by: User, progress: Progress = unwatched
) -> int:
    """Put every case of a sheet forward; raises Faulty, with nothing stored, where one cannot be.

    `progress` is told how many of how many are stored.
    """
    review = Review.objects.select_for_update().get(pk=review.pk)
    membership = check_user_can_import(by, review)
    if membership.district and any(case.district != membership.district.name for case in cases):
        raise Refused(f"You put forward cases of {membership.district} only.")
    if faults := faults_in_review(review, cases, membership):
        raise Faulty(sorted(faults))
    first = review.next_sequence
    try:
        with transaction.atomic():
            _write(review, cases, by, progress)
    except IntegrityError as error:
        # The lock should have kept others out; the constraints have the last word.
        raise Refused("The sheet could not be imported: the review has changed. Check it again.") from error
    Review.objects.filter(pk=review.pk).update(next_sequence=first + len(cases))
    outbox.cases_put_forward(review, since=first)
    record_about_review(
        "cases.imported",
        review,
        by,
        after={"cases": len(cases), "first_sequence": first, "last_sequence": first + len(cases) - 1},
    )
    return len(cases)


def _write(review: Review, cases: Sequence[SheetCase], by: User, progress: Progress) -> None:
    """Cases with their counts, answers and first versions, a few thousand at a time."""
    lines = list(review.current_profile.lines.select_related("characteristic"))
    places = _places(_free_slots(review), cases, review.next_sequence)
    given = AnswersGiven(lines)
    for start in range(0, len(cases), AT_A_TIME):
        batch = cases[start : start + AT_A_TIME]
        keys = bulk.new_keys(Case, len(batch))
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        ids, same = new_public_ids(), (review.pk, by.pk, now, now, "", 1, 0)
        bulk.write(
            Case,
            CASE_COLUMNS,
            (
                (
                    key,
                    next(ids),
                    *next(places),
                    liberi.encrypt(case.liberi_id),
                    liberi.digest(case.liberi_id),
                    case.assessment_date.isoformat(),
                    *given.counts(case),
                    *same,
                )
                for key, case in zip(keys, batch, strict=True)
            ),
        )
        bulk.write(
            Answer,
            ANSWER_COLUMNS,
            ((key, *answer) for key, case in zip(keys, batch, strict=True) for answer in given.rows(case)),
        )
        said = (_said(case, given.slugs) for case in batch)
        keep_first_versions(zip(keys, said, strict=True), by=by)
        progress(start + len(batch), len(cases))


class AnswersGiven:
    """What a sheet's cases answer, worked out once for all that answer alike."""

    def __init__(self, lines: Sequence[ProfileLine]) -> None:
        self.slugs = [line.slug for line in lines]
        self._characteristics = [line.characteristic_id for line in lines]
        self._profile = Profile(tuple(Characteristic(line.slug, line.tier) for line in lines))
        self._known: dict[tuple[str, ...], tuple[tuple[int, ...], list[tuple[Any, ...]]]] = {}

    def counts(self, case: SheetCase) -> tuple[int, ...]:
        """Rule 1: the four counts, in the order of CASE_COLUMNS."""
        return self._of(case)[0]

    def rows(self, case: SheetCase) -> list[tuple[Any, ...]]:
        """The values of ANSWER_COLUMNS after the case."""
        return self._of(case)[1]

    def _of(self, case: SheetCase) -> tuple[tuple[int, ...], list[tuple[Any, ...]]]:
        given = tuple([case.answers.get(slug, NOT_KNOWN) for slug in self.slugs])
        if given not in self._known:
            answers = dict(zip(self.slugs, given, strict=True))
            counts = count_case(CaseAnswers(None, "", 0, answers), self._profile)
            rows = [
                (characteristic, presence, "", "")
                for characteristic, presence in zip(self._characteristics, given, strict=True)
            ]
            self._known[given] = (tuple(int(count or 0) for count in counts[1:]), rows)
        return self._known[given]


def _said(case: SheetCase, slugs: Iterable[str]) -> Said:
    return Said(
        liberi_id=case.liberi_id,
        assessment_date=case.assessment_date,
        answers={slug: (case.answers.get(slug, NOT_KNOWN), "") for slug in slugs},
    )


def _places(
    slots: Mapping[str, Iterator[tuple[int, int]]], cases: Sequence[SheetCase], first: int
) -> Iterator[tuple[int, int, int]]:
    """For each case its slot, its district and its place in the order of submission."""
    for sequence, case in enumerate(cases, start=first):
        yield (*next(slots[case.district]), sequence)


def _free_slots(review: Review) -> dict[str, Iterator[tuple[int, int]]]:
    """District → its free slots in order, each with the district's key."""
    free: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = Slot.objects.filter(district__review=review, case=None).order_by("district_id", "number")
    for name, slot, district in rows.values_list("district__name", "pk", "district_id"):
        free[name].append((slot, district))
    return {name: iter(places) for name, places in free.items()}
