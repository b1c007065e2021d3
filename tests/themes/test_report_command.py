"""build_report REVIEW --format … --out FILE: whole and on record, or one line and nothing written."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.report.formats import FORMATS, FormatError

pytestmark = pytest.mark.django_db
STARTS = {"html": b"<!doctype html>", "docx": b"PK", "odt": b"PK", "pdf": b"%PDF", "xlsx": b"PK"}


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write()
    return home


def test_it_writes_every_format_and_leaves_an_event(home, tmp_path):
    for kind in FORMATS:
        call_command("build_report", "babies", "--format", kind, "--out", str(tmp_path / f"report.{kind}"))
        assert (tmp_path / f"report.{kind}").read_bytes().startswith(STARTS[kind])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"report.{kind}" for kind in FORMATS)
    events = AuditEvent.objects.filter(action="report.downloaded")
    assert {event.after["format"] for event in events} == set(FORMATS)


@pytest.mark.parametrize(
    ("review", "file_format", "out", "says"),
    [
        ("no-such", "pdf", "report.pdf", "there is no review 'no-such'"),
        ("babies", "rtf", "report.rtf", "there is no format 'rtf'"),
        ("babies", "html", "nowhere/report.html", "cannot write to"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(home, tmp_path, review, file_format, out, says):
    with pytest.raises(CommandError, match=says) as error:
        call_command("build_report", review, "--format", file_format, "--out", str(tmp_path / out))
    assert "\n" not in str(error.value)
    assert_nothing_written(tmp_path)


def test_an_unknown_live_count_writes_nothing(home, tmp_path):
    home.write("In {{ cases_wanted }}.")
    with pytest.raises(CommandError, match="is no live count"):
        call_command("build_report", "babies", "--format", "html", "--out", str(tmp_path / "report.html"))
    assert_nothing_written(tmp_path)


def test_a_format_that_fails_leaves_an_earlier_file_as_it_was(home, tmp_path, monkeypatch):
    file = tmp_path / "report.pdf"
    file.write_text("earlier")

    def fails(*args: object, **kwargs: object) -> bytes:
        raise FormatError("the first line\nand the second")

    monkeypatch.setattr("themes.report.document.converted", fails)
    with pytest.raises(CommandError, match="the first line and the second"):
        call_command("build_report", "babies", "--format", "pdf", "--out", str(file))
    assert file.read_text() == "earlier"


def assert_nothing_written(folder: Path) -> None:
    assert list(folder.iterdir()) == []
    assert not AuditEvent.objects.filter(action="report.downloaded").exists()
