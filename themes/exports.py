"""The framework matrix as a workbook: counts, then summaries; letters only, never a district."""

from io import BytesIO

from cases.spreadsheets import guarded
from themes.forms.tagging import full_name
from themes.framework import Framework, MatrixCell
from themes.report.pandoc import pandoc

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def matrix_document(html: str) -> bytes:
    """DOCX: a chapter a strand, a section a theme, a table with a row a case."""
    return pandoc(["--from=html", "--to=docx"], html.encode())


def matrix_workbook(framework: Framework) -> bytes:
    """XLSX. Sheet "Counts": a row a case, a column a theme, passages counted. "Summaries": the texts."""
    import pandas

    heads = [guarded(full_name(theme)) for theme in framework.themes]
    letters = [f"Case {case.letter}" for case, _ in framework.rows()]
    counts = [[cell.count.passages for cell in cells] for _, cells in framework.rows()]
    texts = [[guarded(summary_of(cell)) for cell in cells] for _, cells in framework.rows()]
    buffer = BytesIO()
    plain = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pandas.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs=plain) as book:
        for sheet, rows in (("Counts", counts), ("Summaries", texts)):
            frame = pandas.DataFrame(rows, index=letters, columns=heads)
            frame.to_excel(book, sheet_name=sheet, index_label="Case", freeze_panes=(1, 1))
            book.sheets[sheet].set_column(0, 0, 10)
            book.sheets[sheet].set_column(1, max(len(heads), 1), 24)
    return buffer.getvalue()


def summary_of(cell: MatrixCell) -> str:
    """What a reviewer wrote, after "Looked for, not found" where that was marked."""
    told = "Looked for, not found. " if cell.count.looked == "not found" else ""
    return (told + (cell.written.summary if cell.written else "")).strip()
