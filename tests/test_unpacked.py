"""The search for what must not leave finds it, in the body and in the metadata of every format."""

import io
import zipfile
from datetime import date

import pikepdf
import pytest

from tests.unpacked import all_text
from themes.report.annex import Sheet, annex
from themes.report.formats import converted

ON = date(2022, 3, 5)
CANARY = "Zyxwv40917263 Quillfeather"
METADATA_PART = {"docx": "docProps/core.xml", "odt": "meta.xml", "xlsx": "docProps/core.xml"}
FORMATS = ["html", "docx", "odt", "pdf", "xlsx"]


PAGE = (
    '<html lang="en-GB"><head><title>{title}</title></head><body><h1>{title}</h1><p>{body}</p></body></html>'
)


def made(kind: str, *, title: str = "Title", body: str = "Words") -> bytes:
    if kind == "xlsx":
        return annex([Sheet("Sheet", "Caption", ["Column"], [[body]])], title=title, on=ON)
    return converted(PAGE.format(title=title, body=body), kind, on=ON)


def planted_in_metadata(content: bytes, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(content)) as opened:
            opened.docinfo["/Keywords"] = CANARY
            opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    elif kind == "html":
        return content.replace(b"</head>", f'<meta name="author" content="{CANARY}"></head>'.encode())
    else:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as before,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
        ):
            for name in before.namelist():
                part = before.read(name)
                if name == METADATA_PART[kind]:
                    part = part.replace(
                        b"</dc:title>", f"</dc:title><dc:subject>{CANARY}</dc:subject>".encode(), 1
                    )
                after.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_canary_in_the_body_is_found(kind: str) -> None:
    assert CANARY not in all_text(made(kind), kind)
    assert CANARY in all_text(made(kind, body=f"Before {CANARY} after"), kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_canary_in_the_metadata_is_found(kind: str) -> None:
    assert CANARY in all_text(planted_in_metadata(made(kind), kind), kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_canary_in_the_title_is_found(kind: str) -> None:
    assert CANARY in all_text(made(kind, title=CANARY), kind)


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_canary_cut_in_two_by_formatting_is_found(kind: str) -> None:
    assert "40917263" in all_text(made(kind, body="<p>4091<strong>7263</strong></p>"), kind)


def test_a_canary_in_a_pictures_text_is_found() -> None:
    text = all_text(
        b"\x89PNG\r\n\x1a\n" + len(CANARY).to_bytes(4, "big") + b"tEXt" + CANARY.encode() + b"0000", "html"
    )
    assert CANARY in text
