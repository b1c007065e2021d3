"""Dates as the house writes them, in plain Python: for lists, in which Django's filter takes its time."""

from datetime import date, datetime

from django.utils import timezone


def day(at: date) -> str:
    """ "5 March 2021"; of a moment, the day it was in London."""
    if isinstance(at, datetime):
        at = timezone.localtime(at)
    return f"{at.day} {at:%B} {at.year}"


def moment(at: datetime) -> str:
    """ "5 March 2021, 14:05", in London."""
    return f"{day(at)}, {timezone.localtime(at):%H:%M}"
