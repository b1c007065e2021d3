"""The framework matrix: its cells, what was looked for in vain, its sheet."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from cases.errors import Refused, Stale
from cases.permissions import NotAllowed, NotFound
from kscmp_review.audit.models import AuditEvent
from tests.themes import build
from themes.actions import findings, matrix, passages
from themes.models import Cell, Strand

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.House:
    return build.house()


@pytest.fixture
def client(home) -> Client:
    client = Client()
    client.force_login(home.reviewer)
    return client


def test_a_cell_counts_passages_and_says_what_was_looked_for_in_vain(home, client):
    theme = build.theme(home, "Supervision")
    passages.tag(source=build.finding(home), themes=[theme], by=home.reviewer)
    matrix.summarise(case=home.cases[1], theme=theme, summary="", looked_for_not_found=True, by=home.reviewer)
    framework = client.get(reverse("matrix", args=[home.review.slug])).context["framework"]
    first, second = [cells[0].count for _, cells in framework.rows()]
    assert (first.passages, first.looked) == (1, "found")
    assert (second.passages, second.looked) == (0, "not found")


def test_a_passage_that_needs_a_look_is_not_counted_until_somebody_looked(home, client):
    theme = build.theme(home, "Supervision")
    finding = build.finding(home, "Six replies came.")
    passages.tag(source=finding, start=0, end=17, themes=[theme], by=home.reviewer)
    findings.change(
        finding=finding,
        record_kind="case note",
        expectation="beyond",
        quality="strength",
        record_date=None,
        text="Seven replies came.",
        revision=1,
        by=home.reviewer,
    )
    framework = client.get(reverse("matrix", args=[home.review.slug])).context["framework"]
    assert framework.matrix.passages == 0


def test_the_matrix_is_filtered_by_strand_and_level(home, client):
    checks = build.theme(home, "Agency checks")
    build.theme(home, "Building a history", parent=checks)
    build.theme(home, "Relationship building", strand=Strand.FEEDBACK)
    url = reverse("matrix", args=[home.review.slug])

    def shown(query: str) -> list[str]:
        return [theme.name for theme in client.get(url + query).context["framework"].themes]

    assert shown("") == ["Agency checks", "Building a history", "Relationship building"]
    assert shown("?strand=desk-top+review") == ["Agency checks", "Building a history"]
    assert shown("?level=themes") == ["Agency checks", "Relationship building"]
    assert len(shown("?strand=nothing")) == 3


def test_only_reviewers_summarise_and_only_selected_cases(home):
    theme = build.theme(home, "Supervision")
    with pytest.raises(NotAllowed):
        matrix.summarise(case=home.cases[0], theme=theme, summary="Mine.", by=home.team)
    with pytest.raises(NotFound):
        matrix.summarise(case=home.unselected, theme=theme, summary="Mine.", by=home.reviewer)
    with pytest.raises(Refused):
        matrix.summarise(
            case=home.cases[0],
            theme=build.theme(build.house("others"), "Elsewhere"),
            summary="Mine.",
            by=home.reviewer,
        )
    assert not Cell.objects.exists()


def test_a_late_summary_shows_both_and_writes_nothing(home, client):
    theme = build.theme(home, "Supervision")
    matrix.summarise(case=home.cases[0], theme=theme, summary="Theirs stands.", by=home.colleague)
    with pytest.raises(Stale):
        matrix.summarise(case=home.cases[0], theme=theme, summary="Mine.", by=home.reviewer)
    url = reverse("matrix_cell", args=[home.review.slug, home.cases[0].public_id, theme.slug])
    response = client.post(url, {"summary": "Mine is typed.", "revision": 0})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Theirs stands." in shown
    assert "Mine is typed." in shown
    assert Cell.objects.get().summary == "Theirs stands."


def test_a_cell_shows_its_passages_and_takes_a_summary(home, client):
    checks = build.theme(home, "Agency checks")
    history = build.theme(home, "Building a history", parent=checks)
    passages.tag(source=build.finding(home), start=0, end=6, themes=[history], by=home.reviewer)
    url = reverse("matrix_cell", args=[home.review.slug, home.cases[0].public_id, checks.slug])
    assert "Checks" in client.get(url).content.decode()
    assert client.post(url, {"summary": "Thorough.", "revision": 0}).status_code == 302
    assert Cell.objects.get().summary == "Thorough."


def test_business_team_reads_a_cell_and_cannot_write_it(home):
    theme = build.theme(home, "Supervision")
    team = Client()
    team.force_login(home.team)
    url = reverse("matrix_cell", args=[home.review.slug, home.cases[0].public_id, theme.slug])
    assert "Save the summary" not in team.get(url).content.decode()
    assert team.post(url, {"summary": "Mine.", "revision": 0}).status_code == 403


def test_an_unselected_case_has_no_cells(home, client):
    theme = build.theme(home, "Supervision")
    url = reverse("matrix_cell", args=[home.review.slug, home.unselected.public_id, theme.slug])
    assert client.get(url).status_code == 404


def test_the_sheet_holds_counts_and_summaries_and_no_live_formula(home, client):
    theme = build.theme(home, "=1+1")
    passages.tag(source=build.finding(home), themes=[theme], by=home.reviewer)
    matrix.summarise(case=home.cases[0], theme=theme, summary="=HYPERLINK(1)", by=home.reviewer)
    response = client.get(reverse("matrix_export", args=[home.review.slug]))
    book = load_workbook(BytesIO(response.content))
    counts, texts = book["Counts"], book["Summaries"]
    assert [cell.value for cell in counts[1]] == ["Case", "'=1+1"]
    assert [cell.value for cell in counts[2]] == [f"Case {home.cases[0].letter}", 1]
    assert texts["B2"].value == "'=HYPERLINK(1)"
    assert texts["B2"].data_type == "s"


def test_the_sheet_names_no_liberi_id_and_no_district(home, client):
    build.theme(home, "Supervision")
    response = client.get(reverse("matrix_export", args=[home.review.slug]))
    book = load_workbook(BytesIO(response.content))
    told = " ".join(str(value) for sheet in book for row in sheet.values for value in row)
    for secret in ("North", "South", *(case.liberi_id for case in home.cases)):
        assert secret not in told
    assert response["Content-Disposition"] == 'attachment; filename="framework-matrix-babies.xlsx"'


def test_the_export_is_on_record(home, client):
    client.get(reverse("matrix_export", args=[home.review.slug]), {"strand": Strand.FEEDBACK})
    event = AuditEvent.objects.get(action="matrix.exported")
    assert (event.actor_id, event.after["strand"]) == (home.reviewer.pk, Strand.FEEDBACK)


def test_matrix_holds_its_queries_as_cells_grow(home, client, django_assert_max_num_queries):
    finding = build.finding(home)
    passages.tag(source=finding, themes=[build.theme(home, "Theme 0")], by=home.reviewer)
    url = reverse("matrix", args=[home.review.slug])
    with django_assert_max_num_queries(100) as few:
        client.get(url)
    for number in range(1, 5):
        theme = build.theme(home, f"Theme {number}")
        build.theme(home, f"Sub-theme {number}", parent=theme)
        passages.tag(source=finding, start=0, end=6 + number, themes=[theme], by=home.reviewer)
        matrix.summarise(case=home.cases[0], theme=theme, summary="Seen.", by=home.reviewer)
    with django_assert_max_num_queries(len(few)):
        client.get(url)


class TestSourcesAndStrength:
    @pytest.fixture
    def tagged(self, home):
        """Supervision in a finding of Case A and in its interview; Checks in a finding of Case B."""
        supervision, checks = build.theme(home, "Supervision"), build.theme(home, "Checks")
        build.interview(home)
        passages.tag(
            source=build.finding(home, quality="could be better"), themes=[supervision], by=home.reviewer
        )
        passages.tag(source=build.note(home, build.question(home)), themes=[supervision], by=home.reviewer)
        passages.tag(source=build.finding(home, case=1), themes=[checks], by=home.reviewer)
        return supervision, checks

    @pytest.mark.parametrize(
        ("query", "passages_counted"),
        [
            ({}, 3),
            ({"kind": "agency check"}, 2),
            ({"kind": "interview"}, 1),
            ({"quality": "could be better"}, 1),
            ({"kind": "chronology"}, 0),
            ({"kind": "letter"}, 3),
        ],
    )
    def test_the_matrix_is_filtered_by_source_and_mark(self, home, client, tagged, query, passages_counted):
        answer = client.get(reverse("matrix", args=["babies"]), query)
        assert answer.context["framework"].matrix.passages == passages_counted
        assert ("Passages counted here" in answer.content.decode()) == (passages_counted != 3)

    def test_the_page_says_which_theme_rests_on_one_case_and_what_cases_added(self, home, client, tagged):
        page = client.get(reverse("matrix_strength", args=["babies"])).content.decode()
        assert "2 themes rest on one case" in page
        assert "Gone without Case A" in page
        assert "Gone without Case B" in page

    def test_the_document_holds_every_theme_with_its_cases_and_no_district(self, home, client, tagged):
        matrix.summarise(case=home.cases[0], theme=tagged[0], summary="Monthly.\nAsked.", by=home.reviewer)
        answer = client.get(reverse("matrix_export", args=["babies"]), {"format": "docx"})
        assert answer["Content-Disposition"].endswith('framework-matrix-babies.docx"')
        document = Document(BytesIO(answer.content))
        words = "\n".join(
            [each.text for each in document.paragraphs]
            + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        )
        for wanted in ("Supervision", "Checks", "Case A", "Case B", "Monthly."):
            assert wanted in words
        assert "North" not in words
        assert AuditEvent.objects.newest_first()[0].after["format"] == "docx"

    def test_nothing_tagged_yet(self, home, client):
        assert (
            "Nothing to show yet" in client.get(reverse("matrix_strength", args=["babies"])).content.decode()
        )
