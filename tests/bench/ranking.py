"""Rank a sheet of cases (rules 1 to 4), beside the pandas and openpyxl script that people write today.

Ours also says each case's standing and suggestion, which the script does not.
"""

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas
import xlsxwriter

from cases.matching import (
    ANSWERS,
    KEY,
    OF_INTEREST,
    CaseAnswers,
    Characteristic,
    Criteria,
    Profile,
    ranking_table,
)
from cases.sheets import BY_COMMAND, read_sheet
from tests.bench.timing import Row, compare

SIZES = (12, 1_000, 100_000)
GOALS = {100_000: 1.0}
DISTRICTS = ("North", "South", "East", "West")
PROFILE = Profile(tuple(Characteristic(f"line-{n}", KEY if n < 4 else OF_INTEREST) for n in range(1, 10)))
KEY_SLUGS = [line.slug for line in PROFILE.characteristics if line.tier == KEY]
CRITERIA = Criteria(wanted=6, minimum=6)

Order = list[tuple[int, str]]


def write_sheet(path: Path, cases: int) -> None:
    """A made-up case sheet, the same at every call."""
    dice = random.Random(cases)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["liberi_id", "district", *PROFILE.slugs])
        for number in range(1, cases + 1):
            answers = dice.choices(ANSWERS, weights=(5, 4, 1), k=len(PROFILE.slugs))
            sheet.write_row(number, 0, [f"{number:07}", dice.choice(DISTRICTS), *answers])


def ours(path: Path) -> Order:
    sheet = read_sheet(path.read_bytes(), BY_COMMAND)
    slugs = sheet.headings[2:]
    cases = [
        CaseAnswers(liberi_id, district, sequence, dict(zip(slugs, answers, strict=True)))
        for sequence, (liberi_id, district, *answers) in enumerate(sheet.table.to_numpy().tolist())
    ]
    return [(row.rank, str(row.key)) for row in ranking_table(cases, PROFILE, CRITERIA).rows]


def reference(path: Path) -> Order:
    frame = pandas.read_excel(path, engine="openpyxl", dtype=str, keep_default_na=False)
    answers = frame[list(PROFILE.slugs)]
    frame["present"] = (answers == "present").sum(axis="columns")
    frame["key"] = (answers[KEY_SLUGS] == "present").sum(axis="columns")
    frame["known"] = -(answers == "not known").sum(axis="columns")
    score = ["present", "key", "known"]
    frame = frame.sort_values(score, ascending=False, kind="stable").reset_index(drop=True)
    best_of_tied = frame.groupby(score, sort=False)["liberi_id"].transform(lambda tied: tied.index[0] + 1)
    return list(zip(best_of_tied.tolist(), frame["liberi_id"].tolist(), strict=True))


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.xlsx"
            write_sheet(path, size)
            yield compare(
                f"rank {size:,} cases of a sheet",
                partial(ours, path),
                partial(reference, path),
                goal=GOALS.get(size),
                curve="rank a sheet",
                size=size,
            )
