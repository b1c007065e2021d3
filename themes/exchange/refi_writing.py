"""Writing REFI-QDA files."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from django.utils.xmlutils import SimplerXMLGenerator

from themes.exchange.refi import CODEBOOK, ORIGIN, PROJECT, Code, Coding, Project, Source, guid_of

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def codebook_file(codes: Sequence[Code]) -> bytes:
    """The .qdc file. It has no place for memos."""
    xml = _Xml()
    with xml.element("CodeBook", xmlns=CODEBOOK, origin=ORIGIN), xml.element("Codes"):
        for code in codes:
            _write_code(xml, code, notes={})
    return xml.written()


def project_file(project: Project) -> bytes:
    """The .qdpx file: a zip of `project.qde` and the texts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "project.qde", _qde(project))
        for source in project.sources:
            _put(archive, f"Sources/{source.guid}.txt", source.text.encode())
    return packed.getvalue()


class _Xml:
    """An XML document being written; what XML cannot hold is left out of texts."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self._out = SimplerXMLGenerator(self._stream, "utf-8")
        self._out.startDocument()

    def element(self, name: str, /, **attributes: str) -> "_Element":
        return _Element(self._out, name, attributes)

    def empty(self, name: str, /, **attributes: str) -> None:
        with self.element(name, **attributes):
            pass

    def unless_empty(self, name: str, things: Collection[object]) -> AbstractContextManager[None]:
        """The element where there is something to stand in it: the standard allows no empty lists."""
        return self.element(name) if things else nullcontext()

    def text(self, name: str, text: str) -> None:
        with self.element(name):
            self._out.characters(_holdable(text))

    def written(self) -> bytes:
        self._out.endDocument()
        return self._stream.getvalue().encode()


class _Element:
    def __init__(self, out: SimplerXMLGenerator, name: str, attributes: Mapping[str, str]) -> None:
        self._out, self._name = out, name
        self._attributes = {key: _holdable(value) for key, value in attributes.items()}

    def __enter__(self) -> None:
        self._out.startElement(self._name, self._attributes)  # type: ignore[arg-type]  # a mapping does

    def __exit__(self, *raised: object) -> None:
        self._out.endElement(self._name)


def _holdable(text: str) -> str:
    """Blanks for the control characters that no XML holds."""
    return NOT_IN_XML.sub(" ", text)


def _write_code(xml: _Xml, code: Code, notes: Mapping[str, str]) -> None:
    with xml.element("Code", guid=code.guid, name=code.name, isCodable=str(code.codable).lower()):
        if code.description:
            xml.text("Description", code.description)
        if code.guid in notes:
            xml.empty("NoteRef", targetGUID=notes[code.guid])
        for each in code.codes:
            _write_code(xml, each, notes)


def _qde(project: Project) -> bytes:
    of_codes = {each.guid: guid_of("memo", each.guid) for each in _every(project.codes) if each.memo}
    names = sorted({name for source in project.sources for name in source.values})
    xml = _Xml()
    with xml.element("Project", xmlns=PROJECT, name=project.name, origin=ORIGIN):
        with xml.unless_empty("Users", project.users):
            for guid, name in project.users.items():
                xml.empty("User", guid=guid, name=name)
        with xml.element("CodeBook"), xml.element("Codes"):
            for code in project.codes:
                _write_code(xml, code, of_codes)
        with xml.unless_empty("Variables", names):
            for name in names:
                xml.empty("Variable", guid=guid_of("variable", name), name=name, typeOfVariable="Text")
        with xml.unless_empty("Cases", project.cases):
            _write_cases(xml, project)
        with xml.unless_empty("Sources", project.sources):
            for source in project.sources:
                _write_source(xml, source)
        notes = list(_notes(project))
        with xml.unless_empty("Notes", notes):
            for guid, memo in notes:
                with xml.element("Note", guid=guid, name="Memo"):
                    xml.text("PlainTextContent", memo)
    return xml.written()


def _notes(project: Project) -> Iterator[tuple[str, str]]:
    """The memos, each with its identifier: of codes, then of the places in texts."""
    for code in _every(project.codes):
        if code.memo:
            yield guid_of("memo", code.guid), code.memo
    for source in project.sources:
        memos = {_place(source, coding): coding.memo for coding in source.codings if coding.memo}
        for place, memo in memos.items():
            yield guid_of("memo", place), memo


def _write_cases(xml: _Xml, project: Project) -> None:
    for guid, name in project.cases.items():
        with xml.element("Case", guid=guid, name=name):
            for source in project.sources:
                if source.case == guid:
                    xml.empty("SourceRef", targetGUID=source.guid)


def _write_source(xml: _Xml, source: Source) -> None:
    path = f"internal://{source.guid}.txt"
    with xml.element("TextSource", guid=source.guid, name=source.name, plainTextPath=path):
        for codings in _by_place(source):
            _write_selection(xml, source, codings)
        wholes = [coding for coding in source.codings if coding.start is None]
        _write_codings(xml, source, wholes)
        for name, value in source.values.items():
            with xml.element("VariableValue"):
                xml.empty("VariableRef", targetGUID=guid_of("variable", name))
                xml.text("TextValue", value)


def _by_place(source: Source) -> list[list[Coding]]:
    """The codings of each passage, in the order of the text; those of the whole text left out."""
    places: dict[tuple[int, int], list[Coding]] = {}
    for coding in source.codings:
        if coding.start is not None and coding.end is not None:
            places.setdefault((coding.start, coding.end), []).append(coding)
    return [codings for _, codings in sorted(places.items(), key=lambda item: item[0])]


def _write_selection(xml: _Xml, source: Source, codings: Sequence[Coding]) -> None:
    start, end = codings[0].start, codings[0].end
    with xml.element(
        "PlainTextSelection",
        guid=guid_of("selection", _place(source, codings[0])),
        name=" ".join(source.text[start:end].split())[:60],
        startPosition=str(start),
        endPosition=str(end),
    ):
        _write_codings(xml, source, codings)


def _write_codings(xml: _Xml, source: Source, codings: Sequence[Coding]) -> None:
    for coding in codings:
        _write_coding(xml, coding)
    if any(coding.memo for coding in codings):
        xml.empty("NoteRef", targetGUID=guid_of("memo", _place(source, codings[0])))


def _write_coding(xml: _Xml, coding: Coding) -> None:
    when = {"creationDateTime": coding.at.isoformat()} if coding.at else {}
    with xml.element("Coding", guid=coding.guid, creatingUser=coding.by, **when):
        xml.empty("CodeRef", targetGUID=coding.code)


def _place(source: Source, coding: Coding) -> str:
    return f"{source.guid} {coding.start} {coding.end}"


def _every(codes: Sequence[Code]) -> Iterator[Code]:
    for code in codes:
        yield code
        yield from _every(code.codes)


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """With a fixed date, so that the same material makes the same file."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
