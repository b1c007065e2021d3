"""Reading REFI-QDA files, which may come from anywhere."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from themes.exchange.refi import Code, Coding, NotRefi, Project, Source

LARGEST = 50_000_000


def read_codebook(content: bytes) -> list[Code]:
    """The codes of a .qdc file, or of the codebook in a .qdpx; NotRefi where it is neither."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        content = _inside(content, "project.qde")
    root = _parsed(content)
    codes = next((each for each in root.iter() if _tag(each) == "Codes"), None)
    if _tag(root) not in ("CodeBook", "Project") or codes is None:
        raise NotRefi("The file is not a REFI-QDA codebook or project.")
    notes = {
        note.get("guid", "").lower(): _child_text(note, "PlainTextContent")
        for note in root.iter()
        if _tag(note) == "Note"
    }
    return [_read_code(each, notes) for each in codes if _tag(each) == "Code"]


def read_project(content: bytes) -> Project:
    """The codes, texts and codings of a .qdpx file; texts in other forms than plain are left out."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise NotRefi("The file is not a REFI-QDA project.")
    root = _parsed(_inside(content, "project.qde"))
    if _tag(root) != "Project":
        raise NotRefi("The file is not a REFI-QDA project.")
    listed = [each for part in root if _tag(part) == "Sources" for each in part]
    sources = [_read_source(each, content) for each in listed if _tag(each) == "TextSource"]
    users = {each.get("guid", ""): each.get("name", "") for each in root.iter() if _tag(each) == "User"}
    return Project(root.get("name", ""), read_codebook(content), sources, users, {})


def _inside(content: bytes, name: str) -> bytes:
    """One file of the archive, as large as it says and no larger than LARGEST."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = next((each for each in archive.infolist() if each.filename.lower() == name.lower()), None)
        if found is None:
            raise NotRefi(f"The file has no {name} inside.")
        if found.file_size > LARGEST:
            raise NotRefi("What is inside the file is too large.")
        try:
            with archive.open(found) as stream:
                return stream.read(LARGEST + 1)[:LARGEST]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise NotRefi("The file is damaged or locked.") from error


def _parsed(content: bytes) -> Any:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        return fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotRefi("The file is not well-formed XML, or holds what REFI-QDA has no use for.") from error


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _child_text(element: Any, name: str) -> str:
    return next((each.text or "" for each in element if _tag(each) == name), "").strip()


def _read_code(element: Any, notes: Mapping[str, str]) -> Code:
    memos = [notes.get(each.get("targetGUID", "").lower(), "") for each in element if _tag(each) == "NoteRef"]
    return Code(
        guid=element.get("guid", "").strip("{}").lower(),
        name=" ".join(element.get("name", "").split()),
        description=_child_text(element, "Description"),
        codable=element.get("isCodable", "true") == "true",
        codes=[_read_code(each, notes) for each in element if _tag(each) == "Code"],
        memo="\n".join(filter(None, memos)),
    )


def _read_source(element: Any, content: bytes) -> Source:
    path = element.get("plainTextPath", "")
    text = _child_text(element, "PlainTextContent")
    if path.startswith("internal://"):
        text = _inside(content, f"Sources/{path.removeprefix('internal://')}").decode("utf-8-sig", "replace")
    codings = list(_codings(element, None, None))
    for each in element:
        if _tag(each) == "PlainTextSelection":
            start, end = _position(each, "startPosition"), _position(each, "endPosition")
            codings += _codings(each, start, end)
    guid = element.get("guid", "").strip("{}").lower()
    return Source(guid, element.get("name", ""), text, {}, codings)


def _codings(element: Any, start: int | None, end: int | None) -> Iterator[Coding]:
    for each in element:
        if _tag(each) == "Coding":
            for ref in each:
                if _tag(ref) == "CodeRef":
                    code = ref.get("targetGUID", "").strip("{}").lower()
                    yield Coding(each.get("guid", ""), code, each.get("creatingUser", ""), None, start, end)


def _position(element: Any, name: str) -> int:
    value = element.get(name, "")
    if not value.isdecimal():
        raise NotRefi("A selection in the file has no place in its text.")
    return int(value)
