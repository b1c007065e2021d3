"""Keeping the index cases a review sets out from (rule 9)."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from cases.actions.about_reviews import locked_to_manage
from cases.errors import Refused, Stale
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Characteristic, IndexAnswer, IndexCase, Presence, Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record

MOST = 1_000


@transaction.atomic
def add(*, review: Review, cases: Sequence[Mapping[str, str]], by: User) -> list[IndexCase]:
    """Add index cases, each as slug → presence; a missing answer is not known. All of them or none."""
    review = _opened(review, by)
    if not cases:
        raise Refused("There is no index case to add.")
    last = review.index_cases.aggregate(last=Max("number"))["last"] or 0
    if review.index_cases.count() + len(cases) > MOST:
        raise Refused(f"A review holds at most {MOST:,} index cases.")
    asked = _asked(review)
    added = IndexCase.objects.bulk_create(
        IndexCase(review=review, number=last + place, added_by=by) for place in range(1, len(cases) + 1)
    )
    for index_case, answers in zip(added, cases, strict=True):
        _write(index_case, answers, asked)
    numbers: dict[str, object] = {"first": last + 1, "last": last + len(cases)}
    _record("index cases.added", review, numbers["first"], by, after=numbers)
    return added


@transaction.atomic
def change(*, index_case: IndexCase, answers: Mapping[str, str], revision: int, by: User) -> IndexCase:
    """Set the answers to the current profile; raises Stale when somebody saved it since `revision`."""
    review = _opened(index_case.review, by)
    index_case = _found(index_case)
    if index_case.revision != revision:
        raise Stale("Somebody has changed this index case since you opened it. Look at it again.")
    before = dict(index_case.answers.values_list("characteristic__slug", "presence"))
    index_case.revision += 1
    index_case.save(update_fields=["revision"])
    _write(index_case, answers, _asked(review))
    _record("index case.changed", review, index_case.number, by, before=before, after={**before, **answers})
    return index_case


@transaction.atomic
def remove(*, index_case: IndexCase, by: User) -> None:
    """Take an index case out; the numbers of the others stay."""
    review = _opened(index_case.review, by)
    index_case = _found(index_case)
    answers = dict(index_case.answers.values_list("characteristic__slug", "presence"))
    index_case.delete()
    _record("index case.removed", review, index_case.number, by, before=answers)


def _opened(review: Review, by: User) -> Review:
    review = locked_to_manage(review, by)
    check_stage_allows(review, Activity.KEEP_INDEX_CASES)
    return review


def _found(index_case: IndexCase) -> IndexCase:
    found = IndexCase.objects.filter(pk=index_case.pk).first()
    if found is None:
        raise Refused("Somebody has removed this index case.")
    return found


def _asked(review: Review) -> dict[str, Characteristic]:
    lines = review.current_profile.lines.select_related("characteristic")
    return {line.slug: line.characteristic for line in lines}


def _write(index_case: IndexCase, answers: Mapping[str, str], asked: Mapping[str, Characteristic]) -> None:
    if set(answers) - set(asked):
        raise Refused("An answer is about no characteristic of the current profile.")
    if set(answers.values()) - set(Presence.values):
        raise Refused("Each answer is present, absent or not known.")
    IndexAnswer.objects.bulk_create(
        (
            IndexAnswer(index_case=index_case, characteristic=asked[slug], presence=presence)
            for slug, presence in answers.items()
        ),
        update_conflicts=True,
        unique_fields=["index_case", "characteristic"],
        update_fields=["presence"],
    )


def _record(
    action: str,
    review: Review,
    number: object,
    by: User,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    record(
        action,
        by=by,
        review_id=review.pk,
        object_type="index case",
        object_id=str(number),
        before=before,
        after=after,
    )
