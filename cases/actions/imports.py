"""Importing the cases of a sheet: all or none, in one transaction, with one audit event."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import liberi
from cases.counters import recount_by
from cases.errors import Refused
from cases.history import Said, keep_first_versions
from cases.imports import Faulty, SheetCase, faults_in_review
from cases.lifecycle import Activity, check_submissions_open
from cases.messages import outbox
from cases.models import Answer, Case, Membership, Presence, Review, Slot
from cases.permissions import NotAllowed, Permission, membership_allows, membership_of
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record

BATCH = 1_000


def check_user_can_import(user: User, review: Review) -> Membership:
    """Business team until the selection is confirmed; a district lead while submissions are open to them."""
    membership = membership_of(user, review)
    for_any_district = membership_allows(membership, Permission.SUBMIT_ANY_DISTRICT)
    if not for_any_district and not membership_allows(membership, Permission.SUBMIT_OWN_DISTRICT):
        raise NotAllowed("this role does not submit cases")
    check_submissions_open(review, for_any_district=for_any_district, activity=Activity.IMPORT)
    return membership


@transaction.atomic
def import_cases(*, review: Review, cases: Sequence[SheetCase], by: User) -> int:
    """Put every case of a sheet forward; raises Faulty, with nothing stored, where one cannot be."""
    review = Review.objects.select_for_update().get(pk=review.pk)
    membership = check_user_can_import(by, review)
    if membership.district and any(case.district != membership.district.name for case in cases):
        raise Refused(f"You put forward cases of {membership.district} only.")
    if faults := faults_in_review(review, cases, membership):
        raise Faulty(sorted(faults))
    first = review.next_sequence
    try:
        with transaction.atomic():
            _write(review, cases, by)
    except IntegrityError as error:
        # The lock should have kept others out; the constraints have the last word.
        raise Refused("The sheet could not be imported: the review has changed. Check it again.") from error
    Review.objects.filter(pk=review.pk).update(next_sequence=first + len(cases))
    recount_by(Case.objects.of(review).filter(sequence__gte=first), review.current_profile)
    outbox.cases_put_forward(review, since=first)
    record(
        "cases.imported",
        by=by,
        review_id=review.pk,
        object_type="review",
        object_id=review.slug,
        after={"cases": len(cases), "first_sequence": first, "last_sequence": first + len(cases) - 1},
    )
    return len(cases)


def _write(review: Review, cases: Sequence[SheetCase], by: User) -> None:
    slots = _free_slots(review)
    characteristics = {
        line.slug: line.characteristic_id
        for line in review.current_profile.lines.select_related("characteristic")
    }
    now = timezone.now()
    for start in range(0, len(cases), BATCH):
        batch = cases[start : start + BATCH]
        stored = Case.objects.bulk_create(
            Case(
                review=review,
                slot_id=slot,
                district_id=district,
                liberi_id_sealed=liberi.encrypt(case.liberi_id),
                liberi_id_digest=liberi.digest(case.liberi_id),
                assessment_date=case.assessment_date,
                sequence=review.next_sequence + start + place,
                submitted_by=by,
                submitted_at=now,
                changed_at=now,
            )
            for place, case in enumerate(batch)
            for slot, district in (next(slots[case.district]),)
        )
        Answer.objects.bulk_create(
            Answer(
                case=written,
                characteristic_id=characteristic,
                reported=case.answers.get(slug, Presence.NOT_KNOWN),
            )
            for written, case in zip(stored, batch, strict=True)
            for slug, characteristic in characteristics.items()
        )
        keep_first_versions(
            ((written, _said(case, characteristics)) for written, case in zip(stored, batch, strict=True)),
            by=by,
        )


def _said(case: SheetCase, slugs: Iterable[str]) -> Said:
    return Said(
        liberi_id=case.liberi_id,
        assessment_date=case.assessment_date,
        answers={slug: (str(case.answers.get(slug, Presence.NOT_KNOWN)), "") for slug in slugs},
    )


def _free_slots(review: Review) -> dict[str, Iterator[tuple[int, int]]]:
    """District → its free slots in order, each with the district's key."""
    free: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = Slot.objects.filter(district__review=review, case=None).order_by("district_id", "number")
    for name, slot, district in rows.values_list("district__name", "pk", "district_id"):
        free[name].append((slot, district))
    return {name: iter(places) for name, places in free.items()}
