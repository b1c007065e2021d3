"""What two released versions reveal by their difference: a count one higher, a quotation gone."""

import re
from collections.abc import Iterator, Sequence

from themes.models import ReportVersion
from themes.report.annex import Sheet
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import ANYWHERE, Check, Found
from themes.report.checks.small_numbers import is_small
from themes.report.checks.tables import Table, count_in, tables_of_annex
from themes.report.checks.texts import plain

QUOTED = re.compile(r"<blockquote>(.*?)</blockquote>", re.DOTALL)
Key = tuple[str, ...]


def counts_of(tables: Sequence[Table]) -> dict[Key, int]:
    """(table, words of the row, column) → count."""
    found: dict[Key, int] = {}
    for table in tables:
        for row in table.rows:
            words = tuple(cell for cell in row if cell and count_in(cell) is None)
            for column, cell in zip(table.columns, row, strict=False):
                count = count_in(cell)
                if count is not None:
                    found[(table.name, *words, column)] = count
    return found


def changed_by_a_few(before: Sequence[Table], now: Sequence[Table]) -> list[tuple[str, str]]:
    """(table, "row, column: 4, now 5") for each count that differs by 1 to 4; a row may be gone or new."""
    earlier, later = counts_of(before), counts_of(now)
    found = []
    for key in dict.fromkeys((*earlier, *later)):
        was, is_now = earlier.get(key, 0), later.get(key, 0)
        if is_small(abs(was - is_now)):
            found.append((key[0], f"{', '.join(key[1:])}: {was}, now {is_now}"))
    return found


def quotations_in(html: str) -> list[str]:
    return [" ".join(plain(found).split()) for found in QUOTED.findall(html)]


def quotations_gone(before: str, now: str) -> list[str]:
    """The quotations of a document that another does not hold, word for word."""
    there = set(quotations_in(now))
    return [words for words in quotations_in(before) if words not in there]


def look(looked: Looked) -> Iterator[Found]:
    now = tables_of_annex(looked.document.sheets)
    for version in ReportVersion.objects.released().filter(review=looked.review).order_by("number"):
        name = f"version {version.number}"
        before = tables_of_annex([Sheet(**sheet) for sheet in version.annex])
        by_table: dict[str, list[str]] = {}
        for table, change in changed_by_a_few(before, now):
            by_table.setdefault(table, []).append(change)
        for table, changes in by_table.items():
            told = (
                f"Beside {name}, which was released, the counts of “{table}” say what was added or left out: "
            )
            more = f"; and {len(changes) - 3} more" if len(changes) > 3 else ""
            seen = "\n".join((name, table, *changes))
            yield Found(f"{told}{'; '.join(changes[:3])}{more}.", ANYWHERE, seen)
        for words in quotations_gone(version.html, looked.document.html):
            told = f"A quotation of {name}, which was released, is gone: it was taken back."
            yield Found(told, ANYWHERE, f"{name}\n{words}", passage=words)


CHECK = Check(
    slug="released-before",
    title="Difference from a released version",
    why="Who holds two versions can subtract one from the other: a count one higher speaks of one case.",
    remedy="Release again when more has changed, or accept it and say why the difference tells nothing.",
    look=look,
    acceptable=True,
)
