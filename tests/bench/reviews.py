"""Reviews of any number of cases, made quickly: by the database out of numbers, its indexes made afterwards.

Every row is as the actions would have written it, but that Liberi IDs are not sealed one by one: all cases
hold the same sealed bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from cases import liberi, tally
from cases.actions import reviews
from cases.actions.profiles import Line
from cases.models import Review, Slot, Stage
from kscmp_review.accounts.models import User

DISTRICTS = ("North", "South", "East", "West")
LINES = tuple(
    Line(slug=f"line-{number}", name=f"Characteristic {number}", tier="key" if number < 5 else "of-interest")
    for number in range(1, 10)
)
SIZES = (1_000, 100_000, 1_000_000)

FILL_SLOTS = """
INSERT INTO cases_slot (district_id, number)
SELECT {district}, n FROM {numbers}"""
# An answer of a case, by a hash of its slot and the characteristic: the same at every run.
ANSWER = "CASE WHEN {dice} < 45 THEN 'present' WHEN {dice} < 90 THEN 'absent' ELSE 'not known' END"
DICE = {
    "postgresql": "abs(hashint8(slot.id * 31 + line.characteristic_id) %% 100)",
    "sqlite": "((slot.id * 2654435761 + line.id * 40503 + slot.id * line.id * 69069) / 64 %% 100)",
}
FILL_CASES = """
WITH given AS (
    SELECT slot.id, slot.district_id, slot.number, line.tier = 'key' AS is_key, {answer} AS answer
    FROM cases_slot AS slot JOIN cases_district AS district ON district.id = slot.district_id
    CROSS JOIN cases_profileline AS line
    WHERE district.review_id = {review} AND line.version_id = {version}
), counted AS (
    SELECT id, district_id, number,
        count(CASE WHEN answer = 'present' THEN 1 END) AS present,
        count(CASE WHEN answer = 'present' AND is_key THEN 1 END) AS key_present,
        count(CASE WHEN answer = 'not known' THEN 1 END) AS not_known,
        count(CASE WHEN answer = 'not known' AND is_key THEN 1 END) AS key_not_known
    FROM given GROUP BY id, district_id, number
)
INSERT INTO cases_case (
    public_id, review_id, district_id, slot_id, liberi_id_sealed, liberi_id_digest, assessment_date, sequence,
    letter, submitted_by_id, submitted_at, changed_at, revision,
    match_count, key_count, not_known_count, key_not_known_count, verified_count
)
SELECT 'b{review}-' || id, {review}, district_id, id, %s, 'b{review}-' || id, '2021-03-05',
    row_number() OVER (ORDER BY number, id), '', {user}, %s, %s, 1,
    present, key_present, not_known, key_not_known, 0
FROM counted"""
FILL_ANSWERS = """
INSERT INTO cases_answer (case_id, characteristic_id, reported, evidence, verified_note)
SELECT slot.case_id, line.characteristic_id, {answer}, '', ''
FROM (SELECT id AS case_id, slot_id AS id FROM cases_case WHERE review_id = {review}) AS slot
CROSS JOIN cases_profileline AS line WHERE line.version_id = {version}"""
ONE_ANSWER = "one_answer_a_characteristic"
NUMBERS = {
    "postgresql": "generate_series(1, {0}) AS n",
    "sqlite": "(WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < {0}) "
    "SELECT n FROM up)",
}


def business_team(name: str = "bench") -> User:
    """Who opens the reviews; made at the first call."""
    found = User.objects.filter(email=f"{name}@kscmp.example").first()
    return found or User.objects.create_user(
        email=f"{name}@kscmp.example", password="a long enough password", name="Bench", opens_reviews=True
    )


def empty_review(cases: int, *, slug: str = "", wanted: int = 6) -> Review:
    """A review open for submissions with room for so many cases, a multiple of four."""
    settings = reviews.Settings(
        title=f"Review of {cases:,} cases",
        districts=DISTRICTS,
        cases_per_district=1,
        cases_to_select=1,
        minimum_matches=6,
    )
    by = business_team()
    review = reviews.create(slug=slug or f"cases-{cases}", settings=settings, characteristics=LINES, by=by)
    review = reviews.move_to_stage(review=review, stage=Stage.OPEN, by=by)
    Slot.objects.filter(district__review=review).delete()
    with connection.cursor() as cursor:
        for district in review.districts.all():
            numbers = NUMBERS[connection.vendor].format(cases // len(DISTRICTS))
            cursor.execute(FILL_SLOTS.format(district=district.pk, numbers=numbers))
    Review.objects.filter(pk=review.pk).update(
        cases_per_district=cases // len(DISTRICTS), cases_to_select=wanted
    )
    review.refresh_from_db()
    return review


def review_of(cases: int, *, wanted: int) -> Review:
    """A review of so many cases with nine answers each, being selected from."""
    review = empty_review(cases, wanted=wanted)
    by, now = business_team(), timezone.now()
    names: dict[str, object] = {"review": review.pk, "user": by.pk, "version": review.current_profile.pk}
    names["answer"] = ANSWER.format(dice=DICE[connection.vendor])
    with unchecked(), connection.cursor() as cursor:
        cursor.execute(FILL_CASES.format(**names), [liberi.encrypt("1"), now, now])
        cursor.execute(FILL_ANSWERS.format(**names), [])
    Review.objects.filter(pk=review.pk).update(next_sequence=cases + 1)
    review = reviews.move_to_stage(review=review, stage=Stage.SELECTING, by=by)
    analyse()
    return review


def analyse() -> None:
    """What the database would do by itself in a quiet hour: statistics, and the map of visible pages."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


@contextmanager
def unchecked() -> Iterator[None]:
    """Rows written inside are right: PostgreSQL looks up no foreign key, and indexes answers afterwards."""
    if connection.vendor != "postgresql":
        with transaction.atomic():
            yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE tablename = 'cases_answer' AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint WHERE conrelid = 'cases_answer'::regclass)"
        )
        plain = cursor.fetchall()
        for name, _ in plain:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(f"ALTER TABLE cases_answer DROP CONSTRAINT {ONE_ANSWER}")
        yield
        for _, definition in plain:
            cursor.execute(definition)
        cursor.execute(
            f"ALTER TABLE cases_answer ADD CONSTRAINT {ONE_ANSWER} UNIQUE (case_id, characteristic_id)"
        )
    # The triggers of the tally slept as well.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_tally")
        cursor.execute(tally.COUNT_ANEW)
