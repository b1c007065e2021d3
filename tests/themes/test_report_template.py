"""The template: the sections a report is laid out with, the review's own, changed by the business team."""

from dataclasses import replace

import pytest
from django.test import Client

from cases.actions import reviews
from cases.errors import Refused, Stale
from cases.models import Stage
from cases.permissions import NotAllowed, NotFound
from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import release, report, report_template
from themes.models import ReportSection, ReportTemplate
from themes.report.sections import STANDARD, Outline, outline_of, parts_of, standard_outline, template_of

pytestmark = pytest.mark.django_db
PAGE = "/reviews/babies/report/template/"
OWN = [Outline("", "  What we  asked ", "Say it plainly.", "We asked {{ cases_asked }}.")]


@pytest.fixture
def home() -> build.Reported:
    return build.reported(started=False)


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def change(home: build.Reported, outline, *, revision: int = 0, by=None) -> ReportTemplate:
    return report_template.change(review=home.review, outline=outline, revision=revision, by=by or home.team)


def own_list() -> list[Outline]:
    return OWN + standard_outline()[1:]


def test_a_review_has_the_standard_list_until_it_is_changed(home):
    assert outline_of(template_of(home.review)) == standard_outline()
    assert all(section.guidance for section in standard_outline())
    assert [part.key for part in parts_of(home.review)] == list(STANDARD)


def test_a_report_is_laid_out_with_the_reviews_own_list(home):
    template = change(home, own_list())
    assert (template.revision, len(template.sections)) == (1, 5)
    sections = report.start(review=home.review, by=home.reviewer)
    assert (sections[0].key, sections[0].heading) == ("own-1", "What we asked")
    assert sections[0].body == "We asked {{ cases_asked }}."
    assert "context" not in {section.key for section in sections}
    assert [part.key for part in parts_of(home.review)] == [section.key for section in sections]


def test_who_wrote_the_template_wrote_the_words_a_section_begins_with(home):
    change(home, own_list(), by=home.second)
    report.start(review=home.review, by=home.team)
    assert release.authors_since_release(home.review) == [home.second]


@pytest.mark.parametrize(
    ("outline", "refusal"),
    [
        (standard_outline()[:2], "Desk-top review, Feedback from professionals"),
        ([*standard_outline(), Outline("", " ")], "Enter a heading"),
        ([*standard_outline(), standard_outline()[0]], "listed twice"),
        (
            [*standard_outline(), *(Outline("", f"More {number}") for number in range(40))],
            "at most 40 sections",
        ),
    ],
)
def test_a_list_that_would_not_do_is_refused(home, outline, refusal):
    with pytest.raises(Refused, match=refusal):
        change(home, outline)
    assert not ReportTemplate.objects.exists()


def keys_added(template: ReportTemplate) -> list[str]:
    return [section["key"] for section in template.sections][5:]


def test_new_sections_get_keys_that_nobody_has_and_no_word_of_their_heading(home):
    template = change(home, [*standard_outline(), Outline("", "Context"), Outline("", "What Priya did")])
    assert keys_added(template) == ["own-1", "own-2"]


def test_a_key_that_no_section_had_is_not_taken_from_a_form(home):
    template = change(home, [*standard_outline(), Outline("what-priya-did", "Thanks")])
    assert keys_added(template) == ["own-1"]


def test_a_section_left_out_of_the_list_leaves_its_key_to_the_report_that_has_it(home):
    change(home, [*standard_outline(), Outline("", "Thanks")])
    report.start(review=home.review, by=home.team)
    change(home, standard_outline(), revision=1)
    template = change(home, [*standard_outline(), Outline("", "What comes next")], revision=2)
    assert keys_added(template) == ["own-2"]
    report.add_from_template(review=home.review, by=home.team)
    assert ReportSection.objects.get(key="own-2").heading == "What comes next"


def test_a_colleagues_list_is_not_saved_over(home):
    change(home, own_list())
    with pytest.raises(Stale):
        change(home, standard_outline(), by=home.second)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("reviewer", NotAllowed), ("lead", NotAllowed), ("board", NotAllowed), ("outsider", NotFound)],
)
def test_the_business_team_alone_changes_it(home, who, refusal):
    with pytest.raises(refusal):
        change(home, own_list(), by=getattr(home, who))


def test_not_in_a_closed_review(home):
    reviews.move_to_stage(review=home.review, stage=Stage.CLOSED, by=home.team)
    with pytest.raises(Refused, match="Closed"):
        change(home, own_list())


def test_what_was_added_to_it_later_can_be_added_to_the_report(home):
    report.start(review=home.review, by=home.team)
    with pytest.raises(Refused, match="has every section"):
        report.add_from_template(review=home.review, by=home.team)
    change(home, [*standard_outline(), Outline("", "Thanks", text="To all.")])
    added = report.add_from_template(review=home.review, by=home.reviewer)
    assert [(section.heading, section.body, section.order) for section in added] == [("Thanks", "To all.", 6)]


def test_the_audit_has_its_events_and_none_of_its_words(home):
    change(home, own_list())
    event = AuditEvent.objects.get(action="report template.changed")
    assert event.after == {"sections": 5, "revision": 1}


def fields(outline, *, revision: int = 0, places=None) -> dict[str, object]:
    count = len(outline)
    posted: dict[str, object] = {
        "revision": revision,
        "form-TOTAL_FORMS": count + 1,
        "form-INITIAL_FORMS": count,
        f"form-{count}-heading": "",
    }
    for number, section in enumerate(outline):
        for name in ("key", "heading", "guidance", "text"):
            posted[f"form-{number}-{name}"] = getattr(section, name)
        posted[f"form-{number}-ORDER"] = (places or range(1, count + 1))[number]
    return posted


class TestThePage:
    def test_it_changes_places_headings_and_adds_a_section(self, home):
        outline = [replace(standard_outline()[0], heading="Why"), *standard_outline()[1:]]
        posted = fields(outline, places=[5, 1, 2, 3, 4]) | {"form-5-heading": "Thanks", "form-5-ORDER": 6}
        response = as_(home.team).post(PAGE, posted, follow=True)
        assert "The template has been saved." in response.content.decode()
        saved = ReportTemplate.objects.get().sections
        assert [section["heading"] for section in saved][-2:] == ["Why", "Thanks"]
        assert saved[0]["key"] == "how-cases-were-identified"

    def test_it_leaves_a_section_out_but_none_with_evidence(self, home):
        page = as_(home.team).get(PAGE).content.decode()
        assert page.count("Leave this section out") == 2
        as_(home.team).post(PAGE, fields(standard_outline()) | {"form-0-DELETE": "on"})
        assert len(ReportTemplate.objects.get().sections) == 4
        outline = outline_of(template_of(home.review))
        response = as_(home.team).post(PAGE, fields(outline, revision=1) | {"form-1-DELETE": "on"})
        assert "These sections carry the evidence" in response.content.decode()

    def test_both_lists_are_shown_when_a_colleague_saved_first(self, home):
        change(home, own_list(), by=home.second)
        response = as_(home.team).post(PAGE, fields(standard_outline()))
        assert response.status_code == 409
        assert "Say it plainly." in response.content.decode()

    def test_the_desk_offers_what_is_missing(self, home):
        report.start(review=home.review, by=home.team)
        change(home, [*standard_outline(), Outline("", "Thanks")])
        client = as_(home.reviewer)
        page = client.get("/reviews/babies/report/").content.decode()
        assert "Add 1 section of the template: Thanks" in page
        client.post(PAGE + "add/")
        assert ReportSection.objects.filter(review=home.review, heading="Thanks").exists()
        assert "of the template: Thanks" not in client.get("/reviews/babies/report/").content.decode()
