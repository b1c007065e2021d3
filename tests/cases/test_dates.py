"""Dates in plain Python are those of Django's filter."""

from datetime import UTC, date, datetime

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from cases.dates import day, moment

BY_FILTER = Template('{{ at|date:"j F Y" }}')
MOMENT_BY_FILTER = Template('{{ at|date:"j F Y, H:i" }}')


@given(st.dates(date(1980, 1, 1), date(2100, 1, 1)))
def test_days_are_those_of_the_filter(at: date) -> None:
    assert day(at) == BY_FILTER.render(Context({"at": at}))


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_moments_are_those_of_the_filter_in_london(at: datetime) -> None:
    assert moment(at) == MOMENT_BY_FILTER.render(Context({"at": at}))
    assert day(at) == BY_FILTER.render(Context({"at": at}))


def test_a_summer_evening_is_the_next_day_in_london() -> None:
    assert moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026, 00:30"
