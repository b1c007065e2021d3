"""The register of what is held: every table, its privacy class, and what erasing a review does to it.

Each app registers its tables when it is made ready, children before what they point at, since that is the
order in which they are erased. A table or a column of free text that nobody registered fails
tests/test_privacy.py.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models


class PrivacyClass(StrEnum):
    """Who it is about, which decides how long it is kept."""

    CASE = "case data"
    METHOD = "the review"
    REPORT = "released report"
    PEOPLE = "people who work on it"
    AUDIT = "audit"
    TECHNICAL = "technical"


Rows = "models.QuerySet[Any]"
Erasure = Callable[[Any], int]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Some rows of a table, or all: `only` narrows them, `words` names them on the data-protection page.

    `review` is the lookup from a row to its review's primary key, empty where rows belong to no review.
    `text` gives a class to each column of free text where the table does not go as a whole.
    """

    model: type[models.Model]
    privacy: PrivacyClass
    words: str
    review: str = ""
    only: models.Q = field(default_factory=models.Q)
    erase: Erasure | None = None
    text: Mapping[str, PrivacyClass] = field(default_factory=dict)

    def rows(self, review_id: int) -> "models.QuerySet[Any]":
        """The review's. A history's rows are reached through what still stands, so they go first."""
        rows: models.QuerySet[Any] = self.model._base_manager.filter(self.only, **{self.review: review_id})
        return rows


holdings: list[Holding] = []
"""In the order of erasing: the floors above first."""

elsewhere: dict[type[models.Model], Callable[[int], int]] = {}
"""Table whose rows belong to no review → what makes it forget one, by primary key: sessions."""

sightings: dict[str, str] = {}
"""Action of the audit → words, for each by which somebody has seen case data."""


def register(own: list[Holding]) -> None:
    """Put an app's before those of the floors below, whose apps were made ready earlier."""
    holdings[0:0] = own


def of_reviews() -> Iterator[Holding]:
    return (holding for holding in holdings if holding.review)


def touched() -> set[type[models.Model]]:
    """The tables that lose something when a review is erased."""
    return {holding.model for holding in erasable()} | set(elsewhere)


def erasable() -> Iterator[Holding]:
    return (holding for holding in holdings if holding.erase is not None)


def deleted(rows: "models.QuerySet[Any]") -> int:
    """Removes rows in one statement, without a last copy in a history; what points at them must be gone."""
    removed: int = rows._raw_delete(rows.db)
    return removed


def blanked(**values: Any) -> Erasure:
    """Puts the same in each column named."""

    def blank(rows: "models.QuerySet[Any]") -> int:
        return rows.exclude(**values).update(**values)

    return blank


def free_text(model: type[models.Model]) -> set[str]:
    """Names of the columns that may hold what somebody typed, or what was made of it."""
    wordy = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return {
        column.name
        for column in model._meta.local_concrete_fields
        if isinstance(column, wordy) and not column.choices and not column.generated
    }
