"""A second reading: opened, tagged unseen, finished, compared and settled (docs/adr/0028)."""

from collections.abc import Iterable
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused, Stale
from cases.models import Case, Membership, Role
from kscmp_review.accounts.models import User
from themes.actions.attaching import attach, checked_span, detach, usable_themes
from themes.actions.opening import open_case, record_about_case
from themes.models import (
    Finding,
    SecondReading,
    SecondTag,
    Settlement,
    Source,
    Tag,
    Theme,
)
from themes.second_readings import comparison_of, mark_of_second, mark_of_tag

Which = Literal["first", "second"]
NOT_YOURS = "You are not the second reader of this case."
FINISHED = "You have said that you have finished. Take that back to go on tagging."


@transaction.atomic
def begin(*, case: Case, first: User, second: User, by: User) -> SecondReading:
    """Have a case read a second time. From now on its texts stay as they are until both have finished."""
    case = open_case(case, by=by)
    if SecondReading.objects.filter(case=case, cancelled_at=None).exists():
        raise Refused("This case has a second reading already.")
    _check_reviewer(first, case)
    _check_second(second, case, first)
    reading = SecondReading.objects.create(case=case, first_reader=first, second_reader=second, opened_by=by)
    _record("second reading.begun", reading, case, by, first=first.pk, second=second.pk)
    return reading


@transaction.atomic
def tag(
    *,
    source: Source,
    themes: Iterable[Theme],
    start: int | None = None,
    end: int | None = None,
    words: str | None = None,
    by: User,
) -> SecondReading:
    """Tag as the second reader: seen by nobody else until both have finished. Nothing twice."""
    case = source.case if isinstance(source, Finding) else source.interview.case
    case = open_case(case, by=by)
    reading = _own(case, by)
    span = checked_span(source, start, end, words)
    start, end = span or (None, None)
    where: dict[str, Any] = {"finding" if isinstance(source, Finding) else "note": source}
    where |= {"start": start, "end": end}
    had = set(reading.tags.filter(**where).values_list("theme_id", flat=True))
    new = [theme for theme in usable_themes(themes, case) if theme.pk not in had]
    made = [SecondTag.objects.create(reading=reading, theme=theme, **where) for theme in new]
    if made:
        _record("second tag.added", reading, case, by, tags=len(made))
    return reading


@transaction.atomic
def untag(*, second_tag: SecondTag, by: User) -> None:
    """Take one's own second tag off."""
    case = open_case(second_tag.reading.case, by=by)
    reading = _own(case, by)
    if second_tag.reading_id != reading.pk or not reading.tags.filter(pk=second_tag.pk).exists():
        raise Refused("This tag has been taken off already.")
    second_tag.delete()
    _record("second tag.removed", reading, case, by)


@transaction.atomic
def finish(*, reading: SecondReading, by: User) -> SecondReading:
    """Say that one has finished; once both have, their tags are laid side by side as they are now."""
    reading, case = _opened(reading, by)
    if by.pk == reading.first_reader_id and reading.first_done_at is None:
        reading.first_done_at = timezone.now()
    elif by.pk == reading.second_reader_id and reading.second_done_at is None:
        reading.second_done_at = timezone.now()
    else:
        raise Refused("There is nothing for you to finish here.")
    if reading.first_done_at and reading.second_done_at:
        reading.compared_at = timezone.now()
        tags = Tag.objects.filter(passage__case=case).select_related(
            "theme", "passage__finding", "passage__note"
        )
        reading.first_marks = [mark_of_tag(each) for each in tags.order_by("pk")]
        second = reading.tags.select_related("theme", "finding", "note").order_by("pk")
        reading.second_marks = [mark_of_second(each) for each in second]
    reading.save()
    _record("second reading.finished", reading, case, by, compared=reading.compared_at is not None)
    return reading


@transaction.atomic
def go_on(*, reading: SecondReading, by: User) -> SecondReading:
    """Take back that one has finished, while the other has not."""
    reading, case = _opened(reading, by)
    if by.pk == reading.first_reader_id and reading.first_done_at is not None:
        reading.first_done_at = None
    elif by.pk == reading.second_reader_id and reading.second_done_at is not None:
        reading.second_done_at = None
    else:
        raise Refused("You have not finished yet.")
    reading.save()
    _record("second reading.resumed", reading, case, by)
    return reading


@transaction.atomic
def replace(*, reading: SecondReading, which: Which, reader: User, by: User) -> SecondReading:
    """Put another reviewer in the place of one who leaves: what was tagged so far stays, and they go on."""
    reading, case = _opened(reading, by)
    _check_reviewer(reader, case)
    other = reading.second_reader if which == "first" else reading.first_reader
    if reader == other:
        raise Refused("The two readers are different people.")
    if which == "first":
        reading.first_reader, reading.first_done_at = reader, None
    else:
        _check_second(reader, case, reading.first_reader)
        reading.second_reader, reading.second_done_at = reader, None
    reading.save()
    _record("second reading.reader replaced", reading, case, by, which=which, reader=reader.pk)
    return reading


@transaction.atomic
def cancel(*, reading: SecondReading, by: User) -> SecondReading:
    """Call a second reading off: its tags count for nothing, and are kept."""
    reading, case = _opened(reading, by)
    reading.cancelled_at = timezone.now()
    reading.save()
    _record("second reading.cancelled", reading, case, by)
    return reading


@transaction.atomic
def settle(*, reading: SecondReading, place: int, keep: bool, by: User) -> Settlement:
    """Keep a theme that one reader alone gave, or leave it out; the case's tags follow.

    Raises Stale where the words it stands on have changed since both finished.
    """
    case = open_case(reading.case, by=by)
    reading = SecondReading.objects.get(pk=reading.pk)
    if reading.compared_at is None or reading.cancelled_at is not None:
        raise Refused("There is nothing to settle yet.")
    listed = comparison_of(reading).disagreements
    if not 0 <= place < len(listed):
        raise Refused("There is no such disagreement.")
    if reading.settlements.filter(place=place).exists():
        raise Refused("This has been settled already.")
    item = listed[place]
    if item.source is None or item.words_now != item.words:
        raise Stale("The text has changed since. Look at it and tag it by hand.")
    if keep and item.theme.retired_at is not None:
        raise Refused(f"“{item.theme.name}” has been retired: tag with another theme by hand.")
    if keep:
        attach(item.source, case, [item.theme], item.span, by)
    else:
        start, end = item.span or (None, None)
        detach(item.source.passages.filter(start=start, end=end).first(), item.theme)
    settlement = Settlement.objects.create(reading=reading, place=place, kept=keep, settled_by=by)
    _record("second reading.settled", reading, case, by, place=place, kept=keep)
    return settlement


def _own(case: Case, by: User) -> SecondReading:
    reading: SecondReading | None = SecondReading.objects.filter(case=case).hiding_from(by).first()
    if reading is None:
        raise Refused(NOT_YOURS)
    if reading.second_done_at is not None:
        raise Refused(FINISHED)
    return reading


def _opened(reading: SecondReading, by: User) -> tuple[SecondReading, Case]:
    case = open_case(reading.case, by=by)
    reading = SecondReading.objects.select_related("first_reader", "second_reader").get(pk=reading.pk)
    if not reading.is_under_way:
        raise Refused("This second reading is over.")
    return reading, case


def _check_reviewer(user: User, case: Case) -> None:
    if not Membership.objects.of(user).filter(review=case.review_id, role=Role.REVIEWER).exists():
        raise Refused("A reader is a reviewer of this review.")


def _check_second(user: User, case: Case, first: User) -> None:
    """Whoever wrote tags on the case knows the first reading."""
    _check_reviewer(user, case)
    if user == first:
        raise Refused("The two readers are different people.")
    if Tag.objects.filter(passage__case=case, tagged_by=user).exists():
        raise Refused("The second reader has tagged this case already, so they know the first reading.")


def _record(action: str, reading: SecondReading, case: Case, by: User, **after: object) -> None:
    record_about_case(action, case, by, object_type="second reading", object_id=str(reading.pk), after=after)
