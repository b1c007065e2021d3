"""A released version is kept as its files; it can be verified, and what the next one changes can be read."""

import hashlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cases.errors import Refused
from kscmp_review.audit.models import AuditEvent
from tests.build import user
from tests.themes import build_report_case as build
from tests.themes.accepting import accept_all
from tests.themes.guard_lifted import guard_lifted
from themes.actions import codebook, passages, release
from themes.models import Approval, ReportFile, ReportVersion
from themes.report.document import document_of
from themes.report.formats import FORMATS, FormatError
from themes.report.verifying import problems_of

pytestmark = pytest.mark.django_db
REPORT = "/reviews/babies/report/"


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write()
    return home


def released(home: build.Reported) -> ReportVersion:
    version = release.propose(review=home.review, by=home.team)
    for person in (home.team, home.second):
        version = release.approve(version=version, by=person)
    return version


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_made_beside_one_another_the_files_are_those_made_one_by_one(home):
    document = document_of(released(home))
    assert document.contents() == {name: document.content(name) for name in FORMATS}


def test_a_format_that_cannot_be_made_stands_in_the_way_of_all(home, monkeypatch):
    document = document_of(released(home))

    def refused(*args: object, **kwargs: object) -> bytes:
        raise FormatError("The annex could not be made.")

    monkeypatch.setattr("themes.report.document.annex", refused)
    with pytest.raises(FormatError, match="annex"):
        document.contents()


def test_a_released_version_is_given_away_byte_for_byte_whatever_happens_later(home, monkeypatch):
    version = released(home)
    first = {name: as_(home.board).get(f"{REPORT}versions/1/{name}/").content for name in FORMATS}
    codebook.retire(theme=home.early, by=home.reviewer)
    type(home.review).objects.update(title="Another title")

    def newer(*args: object, **kwargs: object) -> bytes:
        return b"what a newer pandoc would write"

    monkeypatch.setattr("themes.report.document.converted", newer)
    monkeypatch.setattr("themes.report.document.annex", newer)
    for name, content in first.items():
        assert as_(home.lead).get(f"{REPORT}versions/1/{name}/").content == content
        digest = hashlib.sha256(content).hexdigest()
        assert version.files.get(file_format=name).digest == digest
        assert digest in as_(home.board).get(f"{REPORT}versions/1/").content.decode()


@pytest.mark.parametrize("kind", FORMATS)
def test_whoever_holds_a_released_file_is_told_so_and_that_is_on_the_audit(home, kind):
    digest = released(home).files.get(file_format=kind).digest
    reader, address = as_(home.board), f"{REPORT}versions/1/{kind}/"
    first = reader.get(address)
    assert first["ETag"] == f'"{digest}"'
    again = reader.get(address, headers={"if-none-match": f'"{digest}"'})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-store" in again["Cache-Control"]
    assert reader.get(address, headers={"if-none-match": '"another"'}).content == first.content
    assert AuditEvent.objects.filter(action="report.downloaded").count() == 3
    # What somebody may not read is not told by its digest either.
    stranger = as_(user("stranger")).get(address, headers={"if-none-match": f'"{digest}"'})
    assert stranger.status_code == 404


def test_its_digests_are_on_the_audit(home):
    version = released(home)
    event = AuditEvent.objects.get(action="report.released")
    assert event.after["files"] == dict(version.files.values_list("file_format", "digest"))
    assert set(event.after["files"]) == set(FORMATS)


def test_a_version_that_is_not_released_keeps_no_files(home):
    version = release.approve(version=release.propose(review=home.review, by=home.team), by=home.team)
    assert not ReportFile.objects.exists()
    assert as_(home.second).get(f"{REPORT}versions/{version.number}/html/").status_code == 200


def test_nothing_is_released_where_a_format_cannot_be_made(home, monkeypatch):
    version = release.approve(version=release.propose(review=home.review, by=home.team), by=home.team)

    def fails(*args: object, **kwargs: object) -> bytes:
        raise FormatError("pandoc did not run")

    monkeypatch.setattr("themes.report.document.converted", fails)
    with pytest.raises(Refused, match="cannot be released yet: pandoc did not run"):
        release.approve(version=version, by=home.second)
    version.refresh_from_db()
    assert (version.released_at, version.approvals.count()) == (None, 1)
    assert not ReportFile.objects.exists()


def test_what_cannot_be_made_is_said_on_the_page_it_was_asked_from(home, monkeypatch):
    version = release.propose(review=home.review, by=home.team)

    def fails(*args: object, **kwargs: object) -> bytes:
        raise FormatError("pandoc did not run")

    monkeypatch.setattr("themes.report.document.converted", fails)
    monkeypatch.setattr("themes.report.briefing.fits_a_page", fails)
    client = as_(home.team)
    made = f"{REPORT}versions/{version.number}/"
    for asked in (f"{made}pdf/", f"{made}briefing/all/pdf/", "/reviews/babies/learning/briefing/"):
        answer = client.get(asked, follow=True)
        assert answer.redirect_chain
        assert "pandoc did not run" in answer.content.decode()
    home.write("Something new.")
    with pytest.raises(Refused, match="cannot be put forward yet: pandoc did not run"):
        release.propose(review=home.review, by=home.team)


def test_files_and_release_stand_or_fall_together_with_the_audit(home, monkeypatch):
    version = release.approve(version=release.propose(review=home.review, by=home.team), by=home.team)

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("themes.actions.release.record", fails)
    with pytest.raises(RuntimeError):
        release.approve(version=version, by=home.second)
    assert not ReportVersion.objects.released().exists()
    assert not ReportFile.objects.exists()


class TestVerifying:
    def test_what_was_released_holds(self, home, capsys):
        version = released(home)
        assert problems_of(version) == []
        call_command("verify_report", "babies")
        assert f"version 1 of babies holds: {version.digest}" in capsys.readouterr().out

    def change_words(self, version: ReportVersion) -> None:
        ReportVersion.objects.update(html=version.html.replace("Checks", "Cheques"))

    def change_digest_too(self, version: ReportVersion) -> None:
        self.change_words(version)
        version.refresh_from_db()
        ReportVersion.objects.update(digest="0" * 64)

    def change_file(self, version: ReportVersion) -> None:
        ReportFile.objects.filter(file_format="pdf").update(content=b"%PDF-another")

    def change_file_and_digest(self, version: ReportVersion) -> None:
        other = b"%PDF-another"
        digest = hashlib.sha256(other).hexdigest()
        ReportFile.objects.filter(file_format="pdf").update(content=other, digest=digest)

    def take_file(self, version: ReportVersion) -> None:
        ReportFile.objects.filter(file_format="docx").delete()

    def add_file(self, version: ReportVersion) -> None:
        digest = hashlib.sha256(b"").hexdigest()
        ReportFile.objects.create(version=version, file_format="txt", content=b"", digest=digest)

    def take_approval(self, version: ReportVersion) -> None:
        Approval.objects.filter(pk=max(version.approvals.values_list("pk", flat=True))).delete()

    @pytest.mark.parametrize(
        ("tamper", "problem"),
        [
            (change_words, "its words and tables do not have their digest"),
            (change_digest_too, "the audit has another digest in the event of its release"),
            (change_file, "its file in the format pdf has been changed"),
            (change_file_and_digest, "the audit has another digest for its file in the format pdf"),
            (take_file, "its file in the format docx is missing"),
            (add_file, "its file in the format txt is not in the event of its release"),
            (take_approval, "it does not have the approvals of two people"),
        ],
    )
    def test_what_was_changed_is_noticed(self, home, tamper, problem):
        version = released(home)
        with guard_lifted():
            tamper(self, version)
        with pytest.raises(CommandError, match=problem):
            call_command("verify_report", "babies", "--release", "1")

    def test_a_file_is_known_by_its_bytes(self, home, tmp_path: Path, capsys):
        version = released(home)
        path = tmp_path / "report.pdf"
        path.write_bytes(bytes(version.files.get(file_format="pdf").content))
        call_command("verify_report", "babies", "--file", str(path))
        assert "report.pdf is version 1 of babies" in capsys.readouterr().out
        path.write_bytes(path.read_bytes() + b"\n")
        with pytest.raises(CommandError, match="no file of a released version"):
            call_command("verify_report", "babies", "--file", str(path))
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("verify_report", "babies", "--file", str(tmp_path / "none"))

    def test_without_a_release_there_is_nothing_to_verify(self, home):
        with pytest.raises(CommandError, match="has no such released version"):
            call_command("verify_report", "babies")


class TestWhatChanged:
    def test_words_and_figures_that_changed_are_told(self, home):
        released(home)
        home.write("Checks were useful in {{ cases_with_theme:agency-checks }}.\n\nTo all.")
        for tag in list(home.passage.tags.select_related("theme")):
            passages.untag(passage=home.passage, theme=tag.theme, by=home.reviewer)
        page = as_(home.reviewer).get(f"{REPORT}changes/").content.decode()
        assert "What has changed since version 1" in page
        figures = page[page.index('id="figures"') : page.index('id="sections"')]
        assert "Agency checks: cases" in figures
        assert "2 of the 3 cases" in figures
        assert "1 of the 3 cases" in figures
        words = page[page.index('id="changed-section-context"') :]
        assert "[put in: </span>were useful" in words
        assert "Unchanged:" in page
        accept_all(home.review, home.team)  # the counts differ from those released
        second = released(home)
        page = as_(home.team).get(f"{REPORT}versions/{second.number}/changes/").content.decode()
        assert "What changed in version 2" in page
        assert "1 of the 3 cases" in page

    def test_a_frozen_version_keeps_the_figures_it_was_released_with(self, home):
        released(home)
        for tag in list(home.passage.tags.select_related("theme")):
            passages.untag(passage=home.passage, theme=tag.theme, by=home.reviewer)
        now = as_(home.team).get(f"{REPORT}preview/").content.decode()
        assert "Checks helped in 1 of the 3 cases." in now
        page = as_(home.board).get(f"{REPORT}versions/1/").content.decode()
        assert "Checks helped in 2 of the 3 cases." in page

    def test_the_first_version_has_none_before_it(self, home):
        client = as_(home.team)
        assert (
            "No version has been released yet"
            in client.get(f"{REPORT}changes/", follow=True).content.decode()
        )
        released(home)
        page = client.get(f"{REPORT}versions/1/changes/", follow=True).content.decode()
        assert "Version 1 is the first" in page
        page = client.get(f"{REPORT}changes/").content.decode()
        assert "No figure has changed." in page
        assert "No section has changed." in page

    def test_a_version_from_before_figures_were_kept_says_so(self, home):
        released(home)
        with guard_lifted():
            ReportVersion.objects.update(figures={})
        page = as_(home.team).get(f"{REPORT}changes/").content.decode()
        assert "was released before its figures were kept" in page


def test_a_board_reader_reads_and_downloads_and_nothing_else(home):
    """Every link and form of the pages a board reader meets is one of those two."""
    released(home)
    home.write("A second wording.")
    released(home)
    client = as_(home.board)
    for path in ("", "versions/1/", "versions/2/"):
        page = client.get(REPORT + path).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        links = {part.split('"')[0] for part in main.split('href="')[1:]}
        allowed = {f"{REPORT}versions/{number}/" for number in (1, 2)}
        allowed |= {f"{address}{name}/" for address in set(allowed) for name in FORMATS}
        allowed |= {f"{REPORT}versions/{number}/briefing/all/" for number in (1, 2)}
        assert {link for link in links if link.startswith("/")} <= allowed
        assert "<form" not in main
    for path in ("changes/", "versions/2/changes/", "preview/", "template/", "sections/context/versions/"):
        assert client.get(REPORT + path).status_code == 403
