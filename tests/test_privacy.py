"""Every table and every column of free text has its privacy class, and what is about a case goes.

A new model fails here until its app says in `holdings.py` what it holds, of which class it is, and what
erasing a review does to it. Rows about cases are `erase=deleted`, above the tables they point at; a table
that stays names each of its columns of free text in `text`.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from kscmp_review.privacy import holdings as register
from kscmp_review.privacy.holdings import Holding, PrivacyClass, deleted, free_text

ROOT = Path(__file__).parent.parent


def of_model(model: type[models.Model], held: Iterable[Holding]) -> list[Holding]:
    return [holding for holding in held if holding.model is model]


def unregistered(held: list[Holding]) -> set[str]:
    return {
        model._meta.label for model in apps.get_models(include_auto_created=True) if not of_model(model, held)
    }


def unclassified(held: list[Holding]) -> set[str]:
    """Columns of free text of tables that do not go as a whole, which nobody gave a class."""
    missing = set[str]()
    for model in {holding.model for holding in held}:
        own = of_model(model, held)
        if all(holding.erase is deleted and not holding.only for holding in own):
            continue
        told = {name for holding in own for name in holding.text}
        missing |= {f"{model._meta.label}.{name}" for name in free_text(model) - told}
    return missing


def kept_though_about_cases(held: list[Holding]) -> set[str]:
    """Rows or columns of case data that nothing erases."""
    return {
        holding.words
        for holding in held
        if holding.erase is None
        and (holding.privacy is PrivacyClass.CASE or PrivacyClass.CASE in holding.text.values())
    }


def about_a_case(model: type[models.Model]) -> bool:
    """Whether it points, itself or through another table, at a case."""
    case = apps.get_model("cases.Case")
    seen, waiting = set[type[models.Model]](), [model]
    while waiting:
        looked_at = waiting.pop()
        if looked_at is case:
            return True
        seen.add(looked_at)
        waiting += [
            field.related_model
            for field in looked_at._meta.local_concrete_fields
            if isinstance(field.related_model, type) and field.related_model not in seen
        ]
    return False


def test_every_table_is_registered() -> None:
    assert unregistered(register.holdings) == set()


def test_every_column_of_free_text_that_stays_has_a_class() -> None:
    assert unclassified(register.holdings) == set()


def test_nothing_about_a_case_stays() -> None:
    assert kept_though_about_cases(register.holdings) == set()
    staying = {holding.model for holding in register.holdings if holding.erase is not deleted}
    assert {model._meta.label for model in staying if about_a_case(model)} == set()


def test_what_is_erased_knows_its_review_and_children_go_before_what_they_point_at() -> None:
    going = [holding for holding in register.holdings if holding.erase is deleted]
    assert all(holding.review for holding in going)
    place = {holding.model: number for number, holding in enumerate(going)}
    late = [
        f"{model._meta.label}.{field.name}"
        for model, number in place.items()
        for field in model._meta.local_concrete_fields
        if field.related_model in place and place[field.related_model] < number
    ]
    assert late == []


# By these nobody sees case data: the report is anonymised, the page on data protection holds numbers.
NO_SIGHTING = {"report.downloaded", "briefing.downloaded", "data protection.exported"}


def seen_without_words(source: str) -> set[str]:
    """Actions recorded for looking at something or taking it away that the register has no words for."""
    looking = r"(?:viewed|shown|exported|searched|downloaded)"
    recorded = set(re.findall(rf'"([a-z -]+\.(?:[a-z ]+ )?{looking})"', source))
    return recorded - set(register.sightings) - NO_SIGHTING


def test_every_way_of_seeing_case_data_is_told_on_the_data_protection_page() -> None:
    sources = [path.read_text() for app in ("cases", "themes") for path in (ROOT / app).rglob("*.py")]
    assert seen_without_words("\n".join(sources)) == set()


class TestTheDetectorsFailWhereTheyShould:
    @pytest.mark.parametrize("number", range(len(register.holdings)))
    def test_a_table_without_its_row(self, number: int) -> None:
        """Each one in turn is left out: its table, or its columns of free text, are missed."""
        held = [*register.holdings[:number], *register.holdings[number + 1 :]]
        left_out = register.holdings[number]
        if left_out.text or not of_model(left_out.model, held):
            assert unregistered(held) | unclassified(held) != set()

    def test_a_way_of_seeing_that_has_no_words(self) -> None:
        assert seen_without_words('record("diary.viewed", by=by)') == {"diary.viewed"}
        assert seen_without_words('record("case.liberi id shown", by=by)') == set()

    def test_a_column_without_a_class(self) -> None:
        case = apps.get_model("cases.Review")
        bare = [Holding(model=case, privacy=PrivacyClass.METHOD, words="Reviews")]
        assert "cases.Review.title" in unclassified(bare)

    def test_case_data_that_nothing_erases(self) -> None:
        case = apps.get_model("cases.Case")
        kept = [Holding(model=case, privacy=PrivacyClass.CASE, words="Cases")]
        assert kept_though_about_cases(kept) == {"Cases"}

    def test_a_tag_is_about_a_case_and_a_theme_is_not(self) -> None:
        assert about_a_case(apps.get_model("themes.Tag"))
        assert not about_a_case(apps.get_model("themes.Theme"))
