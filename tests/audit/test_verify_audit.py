"""The command `verify_audit`, and the anchor it keeps."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.audit.chains import cut_tail, record_events, tampering

pytestmark = pytest.mark.django_db


@pytest.fixture
def anchor(tmp_path: Path, settings: Settings) -> Path:
    settings.AUDIT_ANCHOR = str(tmp_path / "anchor")
    return tmp_path / "anchor"


def test_says_that_the_chain_holds_and_how_long_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    record_events(3)
    call_command("verify_audit")
    assert capsys.readouterr().out == "chain holds: 3 events\n"


def test_names_the_first_broken_event() -> None:
    record_events(5)
    with tampering() as events:
        events.filter(pk__in=[3, 4]).update(object_id="other")
    with pytest.raises(CommandError, match=r"^the chain is broken at event 3: ") as error:
        call_command("verify_audit")
    assert error.value.returncode == 1


def test_a_line_is_added_to_the_anchor_when_the_chain_has_grown(anchor: Path) -> None:
    for _ in range(2):
        record_events(2)
        call_command("verify_audit")
        call_command("verify_audit")
    assert [line.split()[0] for line in anchor.read_text().splitlines()] == ["2", "4"]
    assert anchor.stat().st_mode & 0o777 == 0o600


def test_a_cut_tail_is_found_and_the_anchor_left_as_it_was(anchor: Path) -> None:
    record_events(5)
    call_command("verify_audit")
    kept = anchor.read_text()
    cut_tail(3)
    with pytest.raises(CommandError, match="broken at event 4: it is missing: the anchor knows 5 events"):
        call_command("verify_audit")
    record_events(4)
    with pytest.raises(CommandError, match="broken at event 5: it is not the event that the anchor knows"):
        call_command("verify_audit")
    assert anchor.read_text() == kept


def test_an_audit_emptied_whole_is_found(anchor: Path) -> None:
    record_events(5)
    call_command("verify_audit", anchor=str(anchor))
    cut_tail(0)
    with pytest.raises(CommandError, match="broken at event 1"):
        call_command("verify_audit", anchor=str(anchor))


@pytest.mark.parametrize("content", ["nonsense\n", "5 abc\n", "12", "\n", "5 " + "é" * 64])
def test_an_anchor_that_cannot_be_read_is_an_error_and_stays(anchor: Path, content: str) -> None:
    record_events(1)
    anchor.write_text(content)
    with pytest.raises(CommandError, match="anchor"):
        call_command("verify_audit")
    assert anchor.read_text() == content


def test_an_anchor_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("verify_audit", anchor=str(tmp_path / "missing" / "anchor"))


def test_the_line_is_sent_to_whoever_keeps_it_and_says_no_more(
    anchor: Path, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.AUDIT_ANCHOR_EMAIL = "keeper@kscmp.example"
    record_events(2)
    call_command("verify_audit")
    (sent,) = mailoutbox
    assert (sent.to, sent.subject) == (["keeper@kscmp.example"], "Audit: 2 events")
    assert sent.body == anchor.read_text()


def test_a_line_that_cannot_be_sent_is_an_error(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr("kscmp_review.audit.anchor.send_mail", refused)
    settings.AUDIT_ANCHOR_EMAIL = "keeper@kscmp.example"
    with pytest.raises(CommandError, match="could not be sent"):
        call_command("verify_audit")
