"""The reference documents that give Word and OpenDocument reports their look: A4, en-GB, page numbers.

Pandoc brings the frame of such a document; our own parts, in `styles/`, take the place of its parts.
"""

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from themes.report.pandoc import pandoc
from themes.report.smaller import made_small

STYLES = Path(__file__).parent / "styles"

FOOTER_PART = (
    '<Override PartName="/word/footer1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>'
)
FOOTER_LINK = (
    '<Relationship Id="rIdFooter" Target="footer1.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"/></Relationships>'
)


@cache
def reference(kind: str, *, small: bool = False) -> bytes:
    """The reference document for "docx" or "odt"; `small` for what goes on one page."""
    frame = parts_of(pandoc(["--print-default-data-file", f"reference.{kind}"], b""))
    parts = _word_parts(frame) if kind == "docx" else frame | _own_parts("odt", "")
    return packed(made_small(parts) if small else parts)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive of the parts, in their order, without times: equal parts make equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            stored = name == "mimetype"  # OpenDocument wants it readable at the start of the file
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def parts_of(archive: bytes) -> dict[str, bytes]:
    """Each part of a zip archive by its name, in order."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _own_parts(kind: str, folder: str) -> dict[str, bytes]:
    return {folder + path.name: path.read_bytes() for path in sorted((STYLES / kind).iterdir())}


def _word_parts(frame: dict[str, bytes]) -> dict[str, bytes]:
    own = _own_parts("docx", "word/")
    own["docProps/app.xml"] = own.pop("word/app.xml")
    kinds = frame["[Content_Types].xml"].decode().replace("</Types>", FOOTER_PART)
    links = frame["word/_rels/document.xml.rels"].decode().replace("</Relationships>", FOOTER_LINK)
    own["[Content_Types].xml"] = kinds.encode()
    own["word/_rels/document.xml.rels"] = links.encode()
    return frame | own
