"""From a sheet of index cases, a column a characteristic, to their answers, or to every fault in it."""

from collections.abc import Sequence

from cases.imports import Fault, Faulty, faults_in_answers, find_columns
from cases.sheet_cells import answer_in
from cases.sheets import Sheet


def read_index_cases(sheet: Sheet, slugs: Sequence[str]) -> list[dict[str, str]]:
    """Slug → presence, a row an index case; raises Faulty with every fault by row and column."""
    places, faults = find_columns(sheet, slugs)
    columns = [slug for slug in slugs if slug in places]
    table = sheet.table[[places[slug] for slug in columns]].set_axis(columns, axis="columns")
    for column in columns:
        faults += faults_in_answers(table[column])
    if table.empty and not faults:
        faults.append(Fault(1, slugs[0], "there is no index case below the headings"))
    if faults:
        raise Faulty(sorted(faults))
    rows: list[list[str]] = table.map(lambda text: answer_in(text)).to_numpy().tolist()
    return [dict(zip(columns, row, strict=True)) for row in rows]
