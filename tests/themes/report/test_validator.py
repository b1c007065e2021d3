"""What veraPDF, the reference validator, says of our PDF: it keeps every rule of both standards it claims."""

import io
from pathlib import Path

import pikepdf
import pytest

from tests.themes.report.sample import DOCUMENT, ON
from tests.verapdf import Broken, broken_rules
from themes.report.formats import converted

pytestmark = pytest.mark.verapdf


def without(content: bytes, *, title: bool = False) -> bytes:
    """The file with its claims, its language and its tags' root taken away, or with its title alone."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if title:
            del pdf.Root.ViewerPreferences
        else:
            del pdf.Root.Lang, pdf.Root.Metadata, pdf.Root.StructTreeRoot
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """One Java machine for all files: starting it takes longest."""
    folder = tmp_path_factory.mktemp("verapdf")
    whole = converted(DOCUMENT, "pdf", on=ON)
    files = {"whole": whole, "stripped": without(whole), "untitled": without(whole, title=True)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    broken = broken_rules([folder / name for name in files])
    return {Path(file).name: standards for file, standards in broken.items()}


def test_our_pdf_keeps_every_rule_of_pdf_ua_1_and_pdf_a_2a(found: Broken) -> None:
    assert found["whole"] == {"PDF/UA-1": {}, "PDF/A-2a": {}}


def test_the_validator_sees_what_is_missing(found: Broken) -> None:
    assert found["stripped"]["PDF/UA-1"]
    assert found["stripped"]["PDF/A-2a"]
    assert list(found["untitled"]["PDF/UA-1"]) == ["7.1-10"]
