"""Small numbers (rule 12): districts crossed with anything, counts from 1 to 4, given or worked out."""

from collections.abc import Collection, Iterator, Mapping
from itertools import takewhile

from themes.report.checks.looked_at import Looked
from themes.report.checks.mentions import named_in
from themes.report.checks.problem import ANYWHERE, Check, Found, Written
from themes.report.checks.shares import shares_in
from themes.report.checks.tables import Table, count_in, tables_of, tables_of_annex

SMALLEST, LARGEST = 1, 4
# Columns that count the cohort as a whole by one thing: cases, passages, findings, interviews, answers.
OWN_COUNTS = frozenset(
    (
        "cases",
        "cases selected",
        "passages",
        "findings",
        "present",
        "absent",
        "not known",
        "number",
        "version",
        "social workers",
        "index cases",
        "index cases: present",
        "index cases: known",
        "selected cases",
        "selected: present",
        "selected: known",
    )
)
OF_A_DISTRICT = ({"district", "cases selected"}, {"district", "cases"})
HELD_BACK = ("", "–", "-", "*", "…", "..", "c", "fewer than 5", "<5", "< 5", "1 to 4", "1-4", "1–4")
TOTALS = ("total", "all", "all cases", "all districts", "sum")
# Live counts that cross a theme with what kind of practice it was.
CROSSED = {"cases_beyond", "cases_expected", "cases_required", "cases_could_be_better"}
OF_DISTRICTS = {"selected_in", "districts", "cases_selected", "cases_submitted", "cases_asked"}


def is_small(count: int) -> bool:
    return SMALLEST <= count <= LARGEST


def crosses_districts(table: Table, districts: Collection[str]) -> bool:
    """Whether it tells more of districts than how many cases were selected in each."""
    head = {column.casefold() for column in table.columns}
    cells = [*table.columns, *(cell for row in table.rows for cell in row)]
    if table.name:
        return any(cell in districts for cell in cells) and head not in OF_A_DISTRICT
    return any(named_in(districts, cell) for cell in cells)


def small_cells(table: Table) -> list[str]:
    """Cells with a count from 1 to 4 outside the cohort's own counts, as "row, column: count".

    A table that somebody typed has no counts of its own: each of its cells counts.
    """
    return [
        f"{_label(row)}, {column}: {count}"
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=False)
        if (count := count_in(cell)) is not None
        and is_small(count)
        and not (table.name and column.casefold() in OWN_COUNTS)
    ]


def by_subtraction(table: Table, totals: Mapping[str, int], selected: int) -> list[str]:
    """Counts from 1 to 4 that follow from the others, as "row, column: count".

    What is left of a row's total (in `totals` by its label, else the selected cases) beside a crossed count;
    and a cell held back in a row or a column whose total and other cells stand.
    """
    return [*_left_of_totals(table, totals, selected), *_held_back_in_vain(table)]


def _left_of_totals(table: Table, totals: Mapping[str, int], selected: int) -> Iterator[str]:
    for row in table.rows if table.name else ():
        total = next((totals[cell] for cell in reversed(row) if cell in totals), selected)
        for column, cell in zip(table.columns, row, strict=False):
            count = count_in(cell)
            if count is None or column.casefold() in OWN_COUNTS or is_small(count):
                continue
            if 0 < count <= total and is_small(total - count):
                yield f"{_label(row)}, not “{column}”: {total - count}"


def _held_back_in_vain(table: Table) -> Iterator[str]:
    columns = [list(column) for column in zip(*table.rows, strict=False)] if table.rows else []
    heads = [column.casefold() for column in table.columns]
    if total := next((place for place, head in enumerate(heads) if head in TOTALS), None):
        for row in table.rows:
            yield from _only_one(list(row[1:total]), row[total] if total < len(row) else "", _label(row))
    last = table.rows[-1] if table.rows else ()
    if last and last[0].casefold() in TOTALS:
        for column, cells in list(zip(table.columns, columns, strict=False))[1:]:
            yield from _only_one(cells[:-1], cells[-1], column)


def _only_one(cells: list[str], total: str, label: str) -> Iterator[str]:
    """The count of the one cell that is held back, where it is small."""
    whole, counts = count_in(total), [count_in(cell) for cell in cells]
    hidden = [cell for cell, count in zip(cells, counts, strict=True) if count is None]
    if whole is None or len(hidden) != 1 or hidden[0].casefold() not in HELD_BACK:
        return
    left = whole - sum(count for count in counts if count is not None)
    if is_small(left):
        yield f"{label}, held back: {left}"


def crossed_in_words(said: str, words: dict[str, str], districts: Collection[str]) -> list[str]:
    """Live counts of a sentence that cross a theme with the kind of practice, or stand beside a district."""
    shares = shares_in(said, words)
    found = [share.words for share in shares if share.kind in CROSSED and is_small(share.number)]
    if named_in(districts, said):
        found += [share.words for share in shares if share.kind not in OF_DISTRICTS]
    return list(dict.fromkeys(found))


def look(looked: Looked) -> Iterator[Found]:
    facts = looked.material.facts
    districts = {district.name for district in facts.districts}
    totals = {theme.name: theme.cases for theme in facts.every_theme()}
    for where, table in _tables(looked):
        what = f"The table “{table.name}”" if table.name else "A table typed into a section"
        seen = f"{where} {table}"
        if crosses_districts(table, districts):
            yield Found(f"{what}{where} crosses districts with something else.", ANYWHERE, seen)
            continue
        small, left = small_cells(table), by_subtraction(table, totals, facts.cohort.selected)
        if small or left:
            told = f"{what}{where} gives counts from 1 to 4 outside the cohort's own counts"
            worked_out = f" By subtraction it also gives {_some(left)}." if left else ""
            yield Found(
                f"{told}: {_some(small)}.{worked_out}" if small else f"{told}.{worked_out}", ANYWHERE, seen
            )
    for sentence in looked.sentences:
        for words in crossed_in_words(sentence.said, looked.material.words, districts):
            yield _in_words(sentence.at, words, sentence.read)


def _in_words(at: Written, words: str, sentence: str) -> Found:
    told = f"{at.place} tells a count of a few cases that are told apart by more than one thing: “{words}”."
    return Found(told, at, f"{words}\n{sentence}", passage=sentence)


def _tables(looked: Looked) -> Iterator[tuple[str, Table]]:
    for table in tables_of(looked.document.html):
        yield "", table
    for table in tables_of_annex(looked.document.sheets):
        yield " of the annex", table


def _label(row: tuple[str, ...]) -> str:
    """The words before the first count."""
    words = [cell for cell in takewhile(lambda cell: count_in(cell) is None, row) if cell]
    return ", ".join(words) or "a row"


def _some(cells: list[str]) -> str:
    more = len(cells) - 4
    return "; ".join(cells[:4]) + (f"; and {more} more" if more > 0 else "")


CHECK = Check(
    slug="small-numbers",
    title="Small numbers",
    why="With so few cases a count from 1 to 4 can say which family is meant, and what is true of it.",
    remedy="Take it out, or say what is true of the selected cases as a whole.",
    look=look,
    acceptable=True,
)
