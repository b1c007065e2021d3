"""The one-page briefing: one A4 page in every format, from the facts of the report, frozen with a version."""

import io
import re
from datetime import date

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import learning, release
from themes.models import Audience, Briefing
from themes.report.briefing import ALL, BRIEFING_FORMATS, FULLNESS, TooLong, briefing, briefing_html
from themes.report.checks import problems_of
from themes.report.document import material_of
from themes.report.formats import converted, fits_a_page
from themes.report.pandoc import pandoc

pytestmark = pytest.mark.django_db
ON = date(2022, 3, 5)
LONG = "Ask early, say why, write down who was asked and what they said, and read it before you go. " * 4


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write()
    return home


def add(home, text: str = "Ask early.", audiences=("health",), number: int = 1) -> None:
    for _ in range(number):
        said = learning.Point(text, audiences, "Lead midwife", date(2022, 6, 1), [home.checks])
        learning.add(review=home.review, point=said, by=home.reviewer)


def words_of(content: bytes, kind: str) -> str:
    if kind == "pdf":
        from pypdf import PdfReader

        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        text = pandoc(["--from", kind, "--to", "plain", "--wrap", "none"], content).decode()
    return re.sub(r"\s+", " ", text)


def pages_of(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]
        return len(pdf.pages)


def test_it_says_in_words_what_the_report_counts(home):
    add(home)
    html = briefing(material_of(home.review), on=ON).html
    for words in (
        "The records of 3 cases were read, and 2 of the 3 social workers took part",
        "<strong>Agency checks</strong> in 2 of the 3 cases: Other agencies were asked.",
        "<strong>Ask early.</strong> For Health. Owner: Lead midwife, by 1 June 2022.",
        "Themes that restate what the cases were chosen for are not told here.",
    ):
        assert words in html
    assert "Family history used" not in html


def test_an_agency_meets_its_own_points_alone(home):
    add(home, "For the ward.")
    add(home, "For the beat.", ["police", "ics"])
    material = material_of(home.review)
    html = briefing_html(material, "police", on=ON)
    assert "Five-minute briefing for Police" in html
    assert "For the beat." in html
    assert "For the ward." not in html
    assert "No learning point has been written for Housing yet" in briefing_html(material, "housing", on=ON)


def test_every_format_holds_the_same_words_on_one_page(home):
    add(home, LONG[:300], ["health", "ics"], number=4)
    document = briefing(material_of(home.review), on=ON)
    made = {kind: document.content(kind) for kind in BRIEFING_FORMATS}
    assert pages_of(made["pdf"]) == 1
    for kind, content in made.items():
        words = words_of(content, kind)
        for sentence in ("What worked well", LONG[:80], "Which of these do we do already"):
            assert sentence in words, kind
        assert "Contents" not in words, kind


def test_the_pdf_is_accessible_and_names_nobody(home):
    add(home)
    content = briefing(material_of(home.review), on=ON).content("pdf")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
        assert str(pdf.Root.Lang) == "en-GB"
        assert "/Author" not in pdf.docinfo


@pytest.mark.parametrize(("number", "fullness"), [(2, 0), (6, 1), (8, 2)])
def test_the_more_there_is_to_learn_the_less_is_told_of_themes_and_the_page_says_so(home, number, fullness):
    with_definitions(home)
    add(home, LONG[:250], number=number)
    document = briefing(material_of(home.review), on=ON)
    chosen = [full for full in FULLNESS if full.left_out and full.left_out in document.html]
    assert (FULLNESS.index(chosen[0]) if chosen else 0) == fullness
    assert pages_of(document.content("pdf")) == 1


def test_learning_points_are_never_cut_there_is_rather_no_briefing(home):
    add(home, LONG, number=14)
    with pytest.raises(TooLong, match="14 learning points for all agencies do not fit on one page"):
        briefing(material_of(home.review), on=ON)
    with pytest.raises(TooLong, match="Shorten the points"):
        briefing(material_of(home.review), "health", on=ON)


def test_the_measure_keeps_room_for_word():
    """What just fills the page of the PDF is not taken for one that fits."""

    def page(points: int) -> str:
        listed = f"<li>{LONG[:90]}</li>" * points
        head = '<head><meta name="one-page" content="yes"><title>One</title></head>'
        return f'<html lang="en-GB">{head}<body><main><h1>One</h1><ol>{listed}</ol></main></body></html>'

    full = next(points for points in range(20, 90, 4) if not fits_a_page(page(points), ON))
    assert pages_of(converted(page(full), "pdf", on=ON)) == 1


class TestFrozen:
    def test_a_version_keeps_one_for_all_and_one_for_each_agency_written_to(self, home):
        add(home, audiences=["ics", "health"])
        version = release.propose(review=home.review, by=home.team)
        kept = {each.audience: each for each in version.briefings.all()}
        assert set(kept) == {"", "health", "ics"}
        assert "Version 1," in kept["health"].html
        assert not any(each.refusal for each in kept.values())
        add(home, "Another.")
        assert Briefing.objects.get(pk=kept[""].pk).html == kept[""].html

    def test_one_that_does_not_fit_says_why_and_keeps_nothing_back(self, home):
        add(home, LONG, ["health"], number=14)
        add(home, audiences=["ics"])
        version = release.propose(review=home.review, by=home.team)
        kept = {each.audience: each for each in version.briefings.all()}
        assert "15 learning points for all agencies do not fit" in kept[""].refusal
        assert kept["health"].html == ""
        assert kept["ics"].html

    def test_without_a_learning_point_there_is_one_for_all(self, home):
        version = release.propose(review=home.review, by=home.team)
        assert [each.audience for each in version.briefings.all()] == [""]


def test_the_checks_look_at_the_briefing(home, monkeypatch):
    add(home)
    assert problems_of(material_of(home.review)) == []
    leaking = lambda *args, **kwargs: f"<p>{build.LIBERI_IDS[0]}</p>"  # noqa: E731
    monkeypatch.setattr("themes.report.checks.looked_at.briefing_html", leaking)
    (problem,) = problems_of(material_of(home.review))
    assert "Liberi ID" in problem.sentence


def test_it_holds_no_identifier_the_report_does_not(home):
    add(home)
    html = "".join(briefing_html(material_of(home.review), each, on=ON) for each in (ALL, *Audience.values))
    for case in home.cases:
        assert case.public_id not in html
    assert not any(liberi_id in html for liberi_id in build.LIBERI_IDS)
    assert not any(person.name in html for person in home.everyone)


class TestTheCommand:
    def test_it_writes_the_briefing_of_one_agency_or_of_all(self, home, tmp_path):
        add(home)
        for kind in BRIEFING_FORMATS:
            file = str(tmp_path / f"all.{kind}")
            call_command("build_report", "babies", "--format", kind, "--briefing", "--out", file)
        file = tmp_path / "health.html"
        call_command("build_report", "babies", "--format", "html", "--briefing", "health", "--out", str(file))
        assert "briefing for Health" in file.read_text()
        assert len(list(tmp_path.iterdir())) == len(BRIEFING_FORMATS) + 1
        event = AuditEvent.objects.filter(action="briefing.downloaded").newest_first()[0]
        assert event.after == {"format": "html", "released": False, "audience": "health"}

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--format", "xlsx", "--briefing"], "there is no format 'xlsx'"),
            (["--format", "pdf", "--briefing", "press"], "there is no audience 'press'"),
            (["--format", "pdf", "--briefing", "health"], "do not fit on one page"),
        ],
    )
    def test_a_mistake_is_one_line_and_writes_nothing(self, home, tmp_path, arguments, says):
        add(home, LONG, number=14)
        with pytest.raises(CommandError, match=says):
            call_command("build_report", "babies", *arguments, "--out", str(tmp_path / "file"))
        assert list(tmp_path.iterdir()) == []

    def test_without_the_option_it_writes_the_report_as_ever(self, home, tmp_path):
        file = tmp_path / "report.html"
        call_command("build_report", "babies", "--format", "html", "--out", str(file))
        assert "Method note" in file.read_text()


def with_definitions(home) -> None:
    """Every theme has a definition of two lines, so that leaving them out makes room."""
    for theme in (home.checks, home.early):
        theme.definition = "What was asked, of whom, when and why, and what was made of the answers. " * 6
        theme.save()
