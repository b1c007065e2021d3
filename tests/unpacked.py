"""Everything a file says, wherever it says it: for searching what leaves the house for what must not.

A file of any report format is opened down to its last stream, and what is found is given as one text, in
several readings: as it stands, without its tags, and without white space, since Word may cut a word in two
with tags and a PDF with a line's end.
"""

import base64
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf
import pypdf

TAG = re.compile(r"<[^>]*>")
SPACE = re.compile(r"\s+")
EMBEDDED = re.compile(r"base64,([A-Za-z0-9+/=\s]+)")


def all_text(content: bytes, kind: str) -> str:
    """All text of a "html", "docx", "odt", "xlsx" or "pdf" file: bodies, part names, metadata, pictures."""
    readings: list[str] = []
    for piece in _pdf(content) if kind == "pdf" else _pieces(content):
        readings.append(piece)
        plain = html.unescape(TAG.sub("", piece))
        readings.extend([plain, SPACE.sub("", piece), SPACE.sub("", plain)])
    return "\n".join(readings)


def _pieces(content: bytes) -> Iterator[str]:
    """A zip's parts, names and comments, to any depth; a picture's chunks; else the bytes as text."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive.comment.decode("latin-1")
            for entry in archive.infolist():
                yield f"{entry.filename} {entry.comment!r} {entry.extra!r}"
                yield from _pieces(archive.read(entry))
        return
    if content.startswith(b"\x89PNG"):
        yield from _png(content)
        return
    yield content.decode("utf-8", "replace")
    if b"\0" in content:
        yield content.decode("utf-16-le", "replace")
    for found in EMBEDDED.finditer(content.decode("latin-1")):
        yield from _pieces(base64.b64decode(found[1]))


def _png(content: bytes) -> Iterator[str]:
    """Every chunk but the drawing itself; compressed text too."""
    at = 8
    while at + 8 <= len(content):
        length, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        chunk = content[at + 8 : at + 8 + length]
        if name != b"IDAT":
            yield f"{name!r} {chunk.decode('utf-8', 'replace')}"
            yield from _inflated(chunk)
        at += length + 12
    yield content[at:].decode("utf-8", "replace")


def _inflated(chunk: bytes) -> Iterator[str]:
    for start in (match.start() for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", chunk)):
        try:
            yield zlib.decompress(chunk[start:]).decode("utf-8", "replace")
        except zlib.error:
            continue


def _pdf(content: bytes) -> Iterator[str]:
    """The file as it stands, each object's strings, each stream inflated, and each page's words as drawn."""
    yield content.decode("latin-1")
    with pikepdf.open(io.BytesIO(content)) as opened:
        for thing in [opened.trailer, *opened.objects]:
            yield from _strings(thing, depth=0)
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") != "/Image":
                yield thing.read_bytes().decode("utf-8", "replace")
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        yield page.extract_text()


def _strings(thing: object, depth: int) -> Iterator[str]:
    """Strings and names within an object; what it points to is visited as an object of its own."""
    if isinstance(thing, pikepdf.String | pikepdf.Name):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array) and depth < 9:
        for item in thing:
            yield from _direct(item, depth)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) and depth < 9:
        for key, value in thing.items():
            yield str(key)
            yield from _direct(value, depth)


def _direct(thing: object, depth: int) -> Iterator[str]:
    if not (isinstance(thing, pikepdf.Object) and thing.is_indirect):
        yield from _strings(thing, depth + 1)
