"""Asking for the one row there can be."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def one(rows: QuerySet[Row]) -> Row | None:
    """The row, of which the database lets there be one, or None: `first` without an order, which costs more
    to write into the statement than the statement itself."""
    return next(iter(rows[:1]), None)
