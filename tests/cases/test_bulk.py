"""Rows written in bulk are as if each had been saved; a value that would break them is refused."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases import bulk
from cases.actions.imports import AnswersGiven, import_cases
from cases.counters import recount_by
from cases.imports import SheetCase
from cases.models import Answer, Case, CaseVersion, District, Presence, Review, Slot
from cases.public_ids import ALPHABET, LENGTH, new_public_ids
from cases.ranking import rank_review
from kscmp_review.accounts.models import User
from tests import build

pytestmark = pytest.mark.django_db
SLUGS = [line.slug for line in build.LINES]


def sheet_cases(number: int) -> list[SheetCase]:
    words = [*Presence.values, "present"]
    return [
        SheetCase(
            row=place + 2,
            liberi_id=f"0{place:06}",
            district=("North", "South")[place % 2],
            assessment_date=date(2021, 3, 5),
            answers={slug: str(words[(place * 7 + n * n) % 4]) for n, slug in enumerate(SLUGS)},
        )
        for place in range(number)
    ]


@pytest.fixture
def roomy(bola: User) -> Review:
    return build.review("roomy", by=bola, cases_per_district=70)


def test_imported_cases_are_counted_as_a_recount_counts_them(roomy: Review, bola: User) -> None:
    import_cases(review=roomy, cases=sheet_cases(60), by=bola)
    assert recount_by(Case.objects.of(roomy), roomy.current_profile) == 0
    assert rank_review(roomy).total == 60


def test_imported_rows_are_those_of_single_submissions(roomy: Review, bola: User) -> None:
    given = sheet_cases(4)
    import_cases(review=roomy, cases=given, by=bola)
    stored = list(Case.objects.of(roomy).in_order_of_submission().select_related("district"))
    assert [(case.liberi_id, case.district.name, case.assessment_date, case.revision) for case in stored] == [
        (each.liberi_id, each.district, each.assessment_date, 1) for each in given
    ]
    assert [case.sequence for case in stored] == [1, 2, 3, 4]
    for case, each in zip(stored, given, strict=True):
        assert {answer.characteristic.slug: answer.presence for answer in case.answers.all()} == each.answers
        assert case.versions.count() == 1
    submitted = build.case(roomy, "North", "999", "pppp", by=bola)
    assert submitted.sequence == 5
    assert submitted.pk not in {case.pk for case in stored}


def test_an_import_of_many_asks_little_more_than_one_of_few(roomy: Review, bola: User) -> None:
    asked = []
    for first, number in ((0, 5), (100, 60)):
        cases = sheet_cases(first + number)[first:]
        with CaptureQueriesContext(connection) as captured:
            import_cases(review=roomy, cases=cases, by=bola)
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_progress_is_told_batch_by_batch(roomy: Review, bola: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.actions.imports.AT_A_TIME", 4)
    told: list[tuple[int, int]] = []
    import_cases(
        review=roomy,
        cases=sheet_cases(10),
        by=bola,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(4, 10), (8, 10), (10, 10)]
    assert Answer.objects.filter(case__review=roomy).count() == 40
    assert CaseVersion.objects.filter(case__review=roomy).count() == 10


def test_answers_given_alike_are_worked_out_once(roomy: Review) -> None:
    given = AnswersGiven(list(roomy.current_lines))
    first, same = (
        SheetCase(
            row=2,
            liberi_id=str(n),
            district="North",
            assessment_date=date(2021, 3, 5),
            answers={SLUGS[0]: "present"},
        )
        for n in (1, 2)
    )
    assert given.rows(first) is given.rows(same)
    assert given.counts(first) == (1, 1, 3, 1)


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\\b"])
def test_a_text_that_would_break_the_lines_is_refused(review: Review, text: str) -> None:
    district = review.districts.all()[0]
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with pytest.raises(ValueError, match="tab, a line end or a backslash"):
                bulk.write(District, ("review_id", "name", "order"), [(review.pk, text, 90)])
        else:
            bulk.write(District, ("review_id", "name", "order"), [(review.pk, text, 90)])
            assert District.objects.get(order=90).name == text
    assert district.review_id == review.pk


def test_what_the_database_refuses_is_said_in_its_usual_way(review: Review) -> None:
    slot = Slot.objects.filter(district__review=review)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.write(Slot, ("district_id", "number"), [(slot.district_id, slot.number)])


def test_new_keys_are_given_to_no_other_row(review: Review, bola: User) -> None:
    with transaction.atomic():
        keys = bulk.new_keys(Slot, 3)
        district = review.districts.all()[0]
        bulk.write(Slot, ("id", "district_id", "number"), [(key, district.pk, 50 + key) for key in keys])
    other = Slot.objects.create(district=district, number=49)
    assert len({*keys, other.pk}) == 4
    assert Slot.objects.filter(pk__in=keys).count() == 3


def test_many_public_ids_use_every_letter_alike() -> None:
    ids = new_public_ids()
    made = [next(ids) for _ in range(3_000)]
    assert len(set(made)) == 3_000
    assert {len(each) for each in made} == {LENGTH}
    times = Counter("".join(made))
    assert set(times) == set(ALPHABET)
    expected = 3_000 * LENGTH / len(ALPHABET)
    assert all(abs(number - expected) < 0.2 * expected for number in times.values())
