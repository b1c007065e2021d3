"""Asking for the one row there can be."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def one(rows: QuerySet[Row]) -> Row | None:
    """The row, of which the database lets there be one, or None; without the order that `first` asks for."""
    return next(iter(rows[:1]), None)
