"""Reshaping the codebook: themes merged and split, and either undone. No tag is lost on the way."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused
from cases.models import Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.entries import Entry, make_theme
from themes.actions.indexing import index
from themes.actions.opening import check_no_second_reading, open_codebook
from themes.models import Cell, CodebookStep, Passage, StepKind, Tag, Theme

# Where each passage of a theme that is split goes.
Goes = Literal["stays", "moves", "both"]


@transaction.atomic
def merge(*, theme: Theme, into: Theme, by: User) -> CodebookStep:
    """Tag with `into` whatever carries `theme`, and retire `theme`.

    A passage that carries both keeps one tag. Summaries of `theme` are added below those of `into`; they
    stay with `theme` too.
    """
    review = open_codebook(theme.review, by=by)
    check_no_second_reading(review)
    theme, into = _usable(theme, review), _usable(into, review)
    if theme == into:
        raise Refused("Choose another theme to merge this one into.")
    if theme.strand != into.strand:
        raise Refused("A theme is merged into one of its own strand.")
    if theme.sub_themes.filter(retired_at=None).exists():
        raise Refused("This theme has sub-themes. Merge, retire or move them first.")
    step = CodebookStep(review=review, kind=StepKind.MERGE, theme=theme, other=into, done_by=by)
    twice = theme.tags.filter(passage__tags__theme=into)
    step.dropped = [
        [tag.passage_id, tag.tagged_by_id, tag.tagged_at.isoformat()] for tag in twice.order_by("pk")
    ]
    twice.delete()
    step.moved = list(theme.tags.order_by("pk").values_list("pk", flat=True))
    theme.tags.update(theme=into)
    step.summaries = _join_summaries(theme, into, by)
    theme.retired_at, theme.merged_into = timezone.now(), into
    theme.revision += 1
    theme.save()
    step.save()
    _record("theme.merged", theme, by, after={"into": into.slug, "tags": len(step.moved)})
    return step


@transaction.atomic
def split(*, theme: Theme, entry: Entry, goes: Mapping[int, Goes], by: User) -> CodebookStep:
    """Make a second theme of part of one: `goes` says of its passages, by primary key, where each goes.

    A passage that is not named stays. Raises Refused where none goes to the new theme.
    """
    review = open_codebook(theme.review, by=by)
    check_no_second_reading(review)
    theme = _usable(theme, review)
    going = {pk: where for pk, where in goes.items() if where != "stays"}
    tags = list(theme.tags.filter(passage__in=list(going)).order_by("pk"))
    if len(tags) < len(going):
        raise Refused("A passage does not carry this theme any more. Look at them again.")
    if not tags:
        raise Refused("Choose at least one passage for the new theme.")
    new = make_theme(review=review, strand=theme.strand, entry=entry, by=by)
    step = CodebookStep(review=review, kind=StepKind.SPLIT, theme=theme, other=new, done_by=by)
    moving = [tag for tag in tags if going[tag.passage_id] == "moves"]
    step.moved = [tag.pk for tag in moving]
    Tag.objects.filter(pk__in=step.moved).update(theme=new)
    doubled = [tag for tag in tags if going[tag.passage_id] == "both"]
    step.added = [
        Tag.objects.create(passage_id=tag.passage_id, theme=new, tagged_by=by).pk for tag in doubled
    ]
    step.save()
    after = {"new": new.slug, "moved": len(step.moved), "both": len(step.added)}
    _record("theme.split", theme, by, after=after)
    return step


@transaction.atomic
def undo(*, step: CodebookStep, by: User) -> CodebookStep:
    """Take back a merge or a split: tags return to where they were, unless taken off since.

    What was tagged with the new theme of a split since goes to the theme it was split off.
    """
    review = open_codebook(step.review, by=by)
    check_no_second_reading(review)
    step = CodebookStep.objects.select_related("theme", "other").get(pk=step.pk)
    if step.undone_at is not None:
        raise Refused("This has been undone already.")
    step.theme.review = step.other.review = review
    if step.kind == StepKind.MERGE:
        _undo_merge(step)
    else:
        _undo_split(step)
    step.undone_at = timezone.now()
    step.save(update_fields=["undone_at"])
    _record("codebook step.undone", step.theme, by, after={"step": step.kind, "other": step.other.slug})
    return step


def _undo_merge(step: CodebookStep) -> None:
    theme, into = step.theme, step.other
    if theme.merged_into_id != into.pk:
        raise Refused(f"“{theme.name}” has been restored or merged again since.")
    _move(Tag.objects.filter(pk__in=step.moved, theme=into), theme)
    there = set(Passage.objects.filter(pk__in=[row[0] for row in step.dropped]).values_list("pk", flat=True))
    Tag.objects.bulk_create(
        (
            Tag(
                passage_id=passage,
                theme=theme,
                tagged_by_id=tagged_by,
                tagged_at=datetime.fromisoformat(tagged_at),
            )
            for passage, tagged_by, tagged_at in step.dropped
            if passage in there
        ),
        ignore_conflicts=True,
    )
    _part_summaries(step)
    theme.retired_at = theme.merged_into = None
    theme.revision += 1
    theme.save()


def _undo_split(step: CodebookStep) -> None:
    theme, new = step.theme, step.other
    if new.merged_into_id is not None:
        raise Refused(f"“{new.name}” has been merged since. Undo that first.")
    if theme.retired_at is not None:
        raise Refused(f"“{theme.name}” has been retired since. Restore it first.")
    Tag.objects.filter(pk__in=step.added, theme=new).delete()
    _move(new.tags.all(), theme)
    new.retired_at = new.retired_at or timezone.now()
    new.revision += 1
    new.save()


def _move(tags: Iterable[Tag], to: Theme) -> None:
    """Give tags another theme; one whose passage carries that theme already goes."""
    for tag in tags:
        if Tag.objects.filter(passage_id=tag.passage_id, theme=to).exists():
            tag.delete()
        else:
            tag.theme = to
            tag.save(update_fields=["theme"])


def _join_summaries(theme: Theme, into: Theme, by: User) -> list[list[object]]:
    joined: list[list[object]] = []
    of_into = {cell.case_id: cell for cell in into.cells.all()}
    for cell in theme.cells.exclude(summary="").order_by("pk"):
        other = of_into.get(cell.case_id) or Cell(case_id=cell.case_id, theme=into, revision=0)
        before = other.summary
        other.summary = "\n\n".join(filter(None, [before, cell.summary]))
        other.revision += 1
        other.changed_by, other.changed_at = by, timezone.now()
        other.save()
        index(other)
        joined.append([other.pk, other.revision, before])
    return joined


def _part_summaries(step: CodebookStep) -> None:
    """Take the joined texts apart again where nobody has written on since."""
    for pk, revision, before in step.summaries:
        cell = Cell.objects.select_related("case__review").filter(pk=pk, revision=revision).first()
        if cell is not None:
            cell.summary = before
            cell.revision += 1
            cell.save()
            index(cell)


def _usable(theme: Theme, review: Review) -> Theme:
    theme = Theme.objects.select_related("parent").get(pk=theme.pk)
    if theme.review_id != review.pk:
        raise Refused("The theme belongs to another review.")
    if theme.retired_at is not None:
        raise Refused(f"“{theme.name}” has been retired.")
    theme.review = review
    return theme


def _record(action: str, theme: Theme, by: User, *, after: dict[str, object]) -> None:
    record(
        action,
        by=by,
        review_id=theme.review.pk,
        object_type="theme",
        object_id=str(theme.pk),
        after=after,
    )
