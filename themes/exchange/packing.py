"""Office Open XML written by hand: a sheet and a document of plain rows and paragraphs.

A library that builds every cell or paragraph as an object takes ten times as long over thousands of them.
(ECMA-376, parts 1 and 2.)
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from string import ascii_uppercase

from themes.exchange.refi_writing import NOT_IN_XML

DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FORMATS = "application/vnd.openxmlformats-officedocument"
# Read as one sign by programs that open a sheet, so its first is written as such a code itself.
CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# What a cell holds at most.
LONGEST_CELL = 32_767

Value = str | int


def in_xml(text: str) -> str:
    """Escaped, without the signs that XML cannot hold."""
    return escape(NOT_IN_XML.sub("", text), quote=False)


def sheet(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[Value]], widths: Mapping[int, int]
) -> bytes:
    """An XLSX file of one sheet, its head bold, frozen and filterable. Empty texts are empty cells.

    `widths` are in characters, by the number of the column from 0. Nothing is ever a formula.
    """
    shared: dict[str, int] = {}
    letters = [_letter(number) for number in range(len(heads))]
    lines = [_row(1, letters, heads, shared, style=' s="1"')]
    lines += [_row(number, letters, row, shared) for number, row in enumerate(rows, start=2)]
    last = f"{letters[-1]}{len(lines)}"
    columns = "".join(
        f'<col min="{number + 1}" max="{number + 1}" width="{width}" customWidth="1"/>'
        for number, width in sorted(widths.items())
    )
    frozen = '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
    texts = "".join(
        f'<si><t xml:space="preserve">{CODE.sub("_x005F_", in_xml(text[:LONGEST_CELL]))}</t></si>'
        for text in shared
    )
    return _packed(
        {
            "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="{in_xml(name)}" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEETS}"><dimension ref="A1:{last}"/>'
            f'<sheetViews><sheetView tabSelected="1" workbookViewId="0">{frozen}</sheetView></sheetViews>'
            f"<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData>"
            f'<autoFilter ref="A1:{last}"/></worksheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{SHEETS}" uniqueCount="{len(shared)}">{texts}</sst>',
            "xl/styles.xml": STYLES_OF_SHEET,
        },
        main=("xl/workbook.xml", f"{FORMATS}.spreadsheetml.sheet.main+xml"),
        parts=[
            ("worksheets/sheet1.xml", "worksheet", f"{FORMATS}.spreadsheetml.worksheet+xml"),
            ("sharedStrings.xml", "sharedStrings", f"{FORMATS}.spreadsheetml.sharedStrings+xml"),
            ("styles.xml", "styles", f"{FORMATS}.spreadsheetml.styles+xml"),
        ],
    )


def document(paragraphs: Iterable[tuple[str, str]]) -> bytes:
    """A DOCX file of (style, text): "Title", "Heading1" to "Heading3", "Quote", "Source" or ""."""
    body = "".join(
        f'<w:p>{f"""<w:pPr><w:pStyle w:val="{style}"/></w:pPr>""" if style else ""}'
        f'<w:r><w:t xml:space="preserve">{_lines(text)}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    margins = " ".join(f'w:{side}="1134"' for side in ("top", "right", "bottom", "left"))
    page = (
        f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins} w:header="709" w:footer="709"'
        ' w:gutter="0"/></w:sectPr>'
    )
    return _packed(
        {
            "word/document.xml": f'<w:document xmlns:w="{WORDS}"><w:body>{body}{page}</w:body></w:document>',
            "word/styles.xml": STYLES_OF_DOCUMENT,
        },
        main=("word/document.xml", f"{FORMATS}.wordprocessingml.document.main+xml"),
        parts=[("styles.xml", "styles", f"{FORMATS}.wordprocessingml.styles+xml")],
    )


def _row(
    number: int, letters: Sequence[str], values: Sequence[Value], shared: dict[str, int], style: str = ""
) -> str:
    cells = []
    for letter, value in zip(letters, values, strict=True):
        if type(value) is int:
            cells.append(f'<c r="{letter}{number}"{style}><v>{value}</v></c>')
        elif value:
            place = shared.setdefault(str(value), len(shared))
            cells.append(f'<c r="{letter}{number}"{style} t="s"><v>{place}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def _letter(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + ascii_uppercase[last]


def _lines(text: str) -> str:
    return in_xml(text).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')


def _packed(
    files: Mapping[str, str], *, main: tuple[str, str], parts: Sequence[tuple[str, str, str]]
) -> bytes:
    """The archive; `main` is (path, type), `parts` of it are (path beside it, kind of relation, type)."""
    folder, _, name = main[0].partition("/")
    types = "".join(
        f'<Override PartName="/{path}" ContentType="{kind}"/>'
        for path, kind in [main, *((f"{folder}/{path}", kind) for path, _, kind in parts)]
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{relation}" Target="{path}"/>'
        for number, (path, relation, _) in enumerate(parts, start=1)
    )
    content = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="{main[0]}"/></Relationships>',
        f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
        **files,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for path, text in content.items():
            archive.writestr(path, DECLARED + text)
    return packed.getvalue()


STYLES_OF_SHEET = (
    f'<styleSheet xmlns="{SHEETS}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _style(name: str, shown: str, paragraph: str, letters: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


STYLES_OF_DOCUMENT = (
    f'<w:styles xmlns:w="{WORDS}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="22"/><w:lang w:val="en-GB"/>'
    '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault>'
    '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    "</w:style>"
    + _style("Title", "Title", "", '<w:b/><w:sz w:val="40"/>')
    + _style("Heading1", "heading 1", '<w:keepNext/><w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="32"/>')
    + _style("Heading2", "heading 2", '<w:keepNext/><w:outlineLvl w:val="1"/>', '<w:b/><w:sz w:val="26"/>')
    + _style("Heading3", "heading 3", '<w:keepNext/><w:outlineLvl w:val="2"/>', '<w:b/><w:sz w:val="22"/>')
    + _style("Quote", "Quote", '<w:keepNext/><w:ind w:left="284"/>', "")
    + _style("Source", "Source", '<w:ind w:left="284"/>', '<w:color w:val="505A5F"/><w:sz w:val="18"/>')
    + "</w:styles>"
)
