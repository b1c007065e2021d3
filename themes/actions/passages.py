"""Tagging: themes attached to a passage, or the whole, of a finding or an interview note."""

from collections.abc import Iterable

from django.db import transaction

from cases.errors import Refused, Stale
from cases.models import Case, Review
from cases.permissions import NotFound
from kscmp_review.accounts.models import User
from kscmp_review.lookups import one
from themes.actions.attaching import (
    TEXT_HAS_CHANGED,
    attach,
    check_usable,
    checked_span,
    detach,
    kind_of,
    usable_themes,
)
from themes.actions.indexing import index
from themes.actions.opening import (
    case_of,
    check_tags_may_change,
    open_case,
    open_text,
    record_about_case,
)
from themes.coding.passages import normalised
from themes.models import Passage, Source, Theme

LONGEST_MEMO = 4_000
QUOTING_NOT_AGREED = (
    "The social worker has not agreed to be quoted: nothing from this interview can be marked quotable."
)


@transaction.atomic
def tag(
    *,
    source: Source,
    themes: Iterable[Theme],
    start: int | None = None,
    end: int | None = None,
    words: str | None = None,
    revision: int | None = None,
    by: User,
) -> Passage:
    """Attach themes to `[start, end)` in code points, or to the whole where both are None.

    `words` are what the person selected, `revision` the save they saw; both may be left out. Raises Stale
    when the text no longer says so there, or has been saved since.
    A theme that the passage carries already is left as it is; nothing new writes nothing.
    """
    source, case = _opened(source, by)
    if revision is not None and revision != source.revision:
        raise Stale(TEXT_HAS_CHANGED)
    wanted = usable_themes(themes, case)
    return _tagged(source, case, wanted, checked_span(source, start, end, words), by)


@transaction.atomic
def tag_words(
    *,
    review: Review,
    case: str,
    text: str,
    theme: str,
    words: str,
    start: int | None = None,
    end: int | None = None,
    by: User,
) -> tuple[Passage, Theme]:
    """The same for words selected in the page, which names the case, the text and the theme: each is read
    once, under the lock, and goes with the passage. Raises NotFound where one is not there, and TagsApart
    to a second reader of the case.
    """
    source, of_case = open_text(review, case, text, by=by)
    check_tags_may_change(of_case, by)
    wanted = one(Theme.objects.of(of_case.review).filter(slug=theme))
    if wanted is None:
        raise NotFound("no such theme")
    check_usable(wanted)
    passage = _tagged(source, of_case, [wanted], checked_span(source, start, end, words), by)
    passage.case = of_case
    return passage, wanted


def _tagged(
    source: Source, case: Case, themes: Iterable[Theme], span: tuple[int, int] | None, by: User
) -> Passage:
    passage, new = attach(source, case, themes, span, by)
    if new:
        after: dict[str, object] = {"start": passage.start, "end": passage.end}
        after["themes"] = {theme.slug: True for theme in new}
        _record("passage.tagged", passage, case, by, after=after)
    return passage


@transaction.atomic
def untag(*, passage: Passage, theme: Theme | None, by: User) -> None:
    """Take a theme off a passage; a passage that carries none any more goes with its last.

    Refused where a memo would go too: nobody reads it first, and undoing brings back the theme alone.
    None stands for a theme that is no longer in the codebook: refused as one the passage does not carry.
    """
    passage, case = _opened_passage(passage, by)
    if theme is None or not passage.tags.filter(theme=theme).exists():
        raise Refused("This passage does not carry this theme any more.")
    if passage.memo and not passage.tags.exclude(theme=theme).exists():
        raise Refused(
            "This is the only theme of the passage, and the passage has a memo, which would go with it. "
            "Tag the passage with another theme first, or empty the memo."
        )
    _record("passage.untagged", passage, case, by, before={"theme": theme.slug})
    detach(passage, theme)


@transaction.atomic
def mark_quotable(*, passage: Passage, quotable: bool = True, by: User) -> Passage:
    """Say whether the report may quote a passage; of an interview only where quoting was agreed."""
    passage, case = _opened_passage(passage, by)
    if quotable and passage.note is not None and passage.note.interview.quoting_agreed is not True:
        raise Refused(QUOTING_NOT_AGREED)
    if quotable and passage.needs_look:
        raise Refused("The words of this passage have changed. Look at it first, then mark it quotable.")
    before = passage.quotable
    passage.quotable = quotable
    passage.save(update_fields=["quotable"])
    _record(
        "passage.quotable set", passage, case, by, before={"quotable": before}, after={"quotable": quotable}
    )
    return passage


@transaction.atomic
def write_memo(*, passage: Passage, memo: str, seen: str, by: User) -> Passage:
    """Note a thought about a passage, for reviewers only; `seen` is the memo as the form showed it.

    Raises Stale when somebody has changed the memo since.
    """
    passage, case = _opened_passage(passage, by)
    if passage.memo != normalised(seen):
        raise Stale("Somebody has changed this memo since you opened it. Look at it again.")
    memo = normalised(memo).strip()
    if "\0" in memo:
        raise Refused("A memo holds no null characters.")
    if len(memo) > LONGEST_MEMO:
        raise Refused(f"A memo has at most {LONGEST_MEMO:,} characters.")
    passage.memo = memo
    passage.save(update_fields=["memo"])
    index(passage)
    _record("passage.memo written", passage, case, by, after={"has_memo": bool(memo)})
    return passage


@transaction.atomic
def look_done(*, passage: Passage, by: User) -> Passage:
    """A person looked at a passage whose words had changed, and its themes still fit."""
    passage, case = _opened_passage(passage, by)
    if not passage.needs_look:
        raise Refused("Somebody has looked at this passage already.")
    passage.needs_look = False
    passage.save(update_fields=["needs_look"])
    _record("passage.looked at", passage, case, by)
    return passage


def _opened(source: Source, by: User) -> tuple[Source, Case]:
    """The source as it is now, under the lock of its review."""
    case = open_case(case_of(source), by=by)
    check_tags_may_change(case, by)
    found: Source | None = type(source).objects.filter(pk=source.pk).first()
    if found is None:
        raise Refused("Somebody has deleted this text.")
    return found, case


def _opened_passage(passage: Passage, by: User) -> tuple[Passage, Case]:
    case = open_case(passage.case, by=by)
    check_tags_may_change(case, by)
    found = Passage.objects.with_source().filter(pk=passage.pk).first()
    if found is None:
        raise Refused("Somebody has taken the last theme off this passage.")
    return found, case


def _record(
    action: str,
    passage: Passage,
    case: Case,
    by: User,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    source = passage.source
    record_about_case(
        action,
        case,
        by,
        object_type="passage",
        object_id=str(passage.pk),
        before=before,
        after={"of": kind_of(source), "text": source.public_id, **(after or {})},
    )
