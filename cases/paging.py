"""Any page of the cases of a ranking without reading those before it, and how many there are.

Where an order follows from the counts of cases, the tally says which sets of counts stand on a page, and at
which place among the cases alike the page begins. What is left to the database is a short walk along the
index of the ranking for the first and the last of them, and the few cases in between.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils.functional import cached_property

from cases.matching import Counts, score_of
from cases.matching.ranking import Score
from cases.models import Case, Selection
from cases.models.case import CaseQuerySet
from cases.ranking import Ranking, counted, counts_of, district_of
from cases.shown import PLACES, Shown, at_counts, cases_to_show, counts_that_stand

CASES_A_PAGE = 50
# Cases that have to be counted one by one are counted this far: nobody turns 200 pages.
MOST_COUNTED = 10_000
BY_COUNTS = ("", "rank", "matches", "district", "highest", "not-known", "standing", "suggestion")

if TYPE_CHECKING:
    CasePaginator = Paginator[Case]
else:
    CasePaginator = Paginator


class Level(NamedTuple):
    """Cases that a sort does not tell apart: `number` with these counts, in order of submission.

    `whole` where these are all the cases with this score.
    """

    score: Score
    counts: list[Counts]
    number: int
    whole: bool


class Piece(NamedTuple):
    """`take` cases of a level after the first `skip`."""

    level: Level
    skip: int
    take: int


class PagesCounted(CasePaginator):
    """Pages of cases that have to be counted one by one."""

    @cached_property
    def count(self) -> int:
        cases: Any = self.object_list
        return int(cases.order_by()[:MOST_COUNTED].count())

    @property
    def bounded(self) -> bool:
        """Whether there may be more cases than there are pages for."""
        return self.count >= MOST_COUNTED


class PagesKnown(CasePaginator):
    """Pages of all the cases of a ranking, which knows how many they are."""

    bounded = False

    def __init__(self, cases: CaseQuerySet, ranking: Ranking) -> None:
        super().__init__(cases, CASES_A_PAGE)
        self.ranking = ranking

    @cached_property
    def count(self) -> int:
        return self.ranking.total


class PagesByTally(CasePaginator):
    """Pages of cases whose places follow from the tally."""

    bounded = False

    def __init__(self, cases: CaseQuerySet, ranking: Ranking, shown: Shown) -> None:
        super().__init__(cases, CASES_A_PAGE)
        self.cases, self.ranking, self.shown = cases, ranking, shown

    @cached_property
    def levels(self) -> list[Level]:
        return levels_of(self.ranking, _wanted(self.ranking, self.shown), self.shown.sort)

    @cached_property
    def count(self) -> int:
        return sum(level.number for level in self.levels)

    def page(self, number: int | str) -> Page[Case]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return Page(
            cases_at(self.cases, self.ranking, pieces_of(self.levels, start, self.per_page)), number, self
        )


def pages_of(ranking: Ranking, shown: Shown, selection: Selection | None) -> CasePaginator:
    """The cases of `cases_to_show`, a page at a time."""
    cases = cases_to_show(ranking, shown, selection)
    if not _follows_from_counts(ranking, shown):
        return PagesCounted(cases, CASES_A_PAGE) if shown.narrows else PagesKnown(cases, ranking)
    return PagesByTally(cases_to_show(ranking, Shown(), selection), ranking, shown)


def first_at_counts(
    cases: CaseQuerySet, ranking: Ranking, wanted: Collection[Counts], limit: int
) -> list[Case]:
    """The first of `cases` (all those of the ranking) that have one of these counts, in rank order."""
    if not wanted:
        return []
    if not ranking.is_current:
        return list(at_counts(cases, ranking, wanted)[:limit])
    return cases_at(cases, ranking, pieces_of(levels_of(ranking, wanted, ""), 0, limit))


def _follows_from_counts(ranking: Ranking, shown: Shown) -> bool:
    by_answer = shown.characteristic and shown.answer
    return ranking.is_current and shown.sort in BY_COUNTS and not (shown.decision or by_answer)


def _wanted(ranking: Ranking, shown: Shown) -> Collection[Counts]:
    if not shown.narrows:
        return ranking.tally
    standing = counts_that_stand(ranking, shown)
    return [counts for counts in standing if shown.district in (None, counts.district)]


def levels_of(ranking: Ranking, wanted: Iterable[Counts], sort: str) -> list[Level]:
    """The cases with these counts as a sort orders them."""
    before = _before_rank(ranking, sort)
    levels: dict[tuple[Any, ...], list[Counts]] = defaultdict(list)
    for counts in wanted:
        matches, keys, few_unknowns = score_of(counts)
        levels[(*before(counts), -matches, -keys, -few_unknowns)].append(counts)
    numbers: Counter[Score] = Counter()
    for counts, number in ranking.tally.items():
        numbers[score_of(counts)] += number
    return [_level(levels[key], ranking, numbers) for key in sorted(levels)]


def _level(alike: list[Counts], ranking: Ranking, numbers: Mapping[Score, int]) -> Level:
    score, number = score_of(alike[0]), sum(ranking.tally[counts] for counts in alike)
    return Level(score, alike, number, whole=number == numbers[score])


def _before_rank(ranking: Ranking, sort: str) -> Callable[[Counts], tuple[int, ...]]:
    """What a sort looks at before the rank: the same as `cases.shown.SORTS`, worked out from the counts."""
    if sort == "district":
        order = dict(ranking.review.districts.values_list("pk", "order"))
        return lambda counts: (order[district_of(counts)],)
    if sort in PLACES:
        found = ranking.standings if sort == "standing" else ranking.suggestions
        return lambda counts: (PLACES[sort].index(found[counts]),)
    if sort == "highest":
        return lambda counts: (-counts.highest,)
    if sort == "not-known":
        return lambda counts: (-counts.not_known,)
    return lambda counts: ()


def pieces_of(levels: Iterable[Level], start: int, length: int) -> list[Piece]:
    """What of which level stands from `start` on, `length` cases in all."""
    pieces: list[Piece] = []
    for level in levels:
        if length <= 0:
            break
        take = min(level.number - start, length)
        if take > 0:
            pieces.append(Piece(level, start, take))
            length -= take
        start = max(0, start - level.number)
    return pieces


def cases_at(cases: CaseQuerySet, ranking: Ranking, pieces: Sequence[Piece]) -> list[Case]:
    """The cases of these pieces, in order, of `cases` that hold all of the ranking: one query."""
    if not pieces:
        return []
    if pieces[0].skip == 0 and _leads_the_ranking(pieces, ranking):
        return list(cases[: sum(piece.take for piece in pieces)])
    found = cases.order_by().filter(_at_sequences(ranking, pieces))
    return list(_put_in_order(pieces, found))


def _leads_the_ranking(pieces: Sequence[Piece], ranking: Ranking) -> bool:
    """Whether these are the first cases of the whole ranking, which need not be looked for."""
    best = sorted(ranking.ranks, reverse=True)[: len(pieces)]
    return [piece.level.score for piece in pieces] == best and all(piece.level.whole for piece in pieces)


def _at_sequences(ranking: Ranking, pieces: Sequence[Piece]) -> RawSQL:
    """Whether a case stands at one of the places of these pieces.

    As an array, PostgreSQL reads the places once, before the cases. As a subquery it may read them for each
    case anew where it does not know yet how many cases there are: until its statistics are taken, up to a
    minute after an import.
    """
    places, values = _sequences(ranking, pieces)
    listed = f"= ANY(ARRAY({places}))" if connection.vendor == "postgresql" else f"IN ({places})"
    # `places` is what query sets gave.
    return RawSQL(f'"cases_case"."sequence" {listed}', values, output_field=BooleanField())  # nosec B611


def _sequences(ranking: Ranking, pieces: Sequence[Piece]) -> tuple[str, list[Any]]:
    """The places in order of submission of the cases of these pieces, and of few others.

    A level with more cases than a page is walked along the index; only the first and the last of the pieces
    can be of such a level. All others hold few cases together, and are read whole.
    """
    parts: list[str] = []
    values: list[Any] = []
    for place, piece in enumerate(pieces):
        if _is_walked(piece):
            walked = _of_levels(ranking, [piece.level]).order_by("sequence").values("sequence")
            sql, given = walked[piece.skip : piece.skip + piece.take].query.sql_with_params()
            parts.append(f"SELECT sequence FROM ({sql}) AS walked_{place}")  # nosec B608
            values += given
    if few := [piece.level for piece in pieces if not _is_walked(piece)]:
        sql, given = _of_levels(ranking, few).order_by().values("sequence").query.sql_with_params()
        parts.append(sql)
        values += given
    return " UNION ALL ".join(parts), values


def _is_walked(piece: Piece) -> bool:
    return piece.level.number > CASES_A_PAGE


def _put_in_order(pieces: Sequence[Piece], cases: Iterable[Case]) -> Iterator[Case]:
    places = {counts: place for place, piece in enumerate(pieces) for counts in piece.level.counts}
    found: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        place = places.get(counts_of(case))
        if place is not None:  # else it has changed since the tally was read
            found[place].append(case)
    for place, piece in enumerate(pieces):
        alike = sorted(found[place], key=attrgetter("sequence"))
        yield from alike if _is_walked(piece) else alike[piece.skip : piece.skip + piece.take]


def _of_levels(ranking: Ranking, levels: Sequence[Level]) -> CaseQuerySet:
    """The live cases of these levels."""
    scores = Q()
    for level in levels:
        matches, keys, few_unknowns = level.score
        scores |= Q(match_count=matches, key_count=keys, not_known_count=-few_unknowns)
    cases = counted(ranking.review, ranking.lines, is_current=True).filter(scores)
    if all(level.whole for level in levels):
        return cases
    return at_counts(cases, ranking, [counts for level in levels for counts in level.counts])
