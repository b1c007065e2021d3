"""The report's pages: what each person meets there, and what they can do."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Stage
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import codebook, release, report
from themes.models import ReportSection, ReportVersion
from themes.report.formats import FORMATS

pytestmark = pytest.mark.django_db
REPORT = "/reviews/babies/report/"


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write()
    return home


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def released(home: build.Reported) -> ReportVersion:
    version = release.propose(review=home.review, by=home.team)
    for person in (home.team, home.second):
        version = release.approve(version=version, by=person)
    return version


def page(person: User, path: str = "") -> str:
    response = as_(person).get(REPORT + path)
    assert response.status_code == 200
    return response.content.decode()


def statuses(home: build.Reported, path: str) -> dict[str, int]:
    people = {"team": home.team, "reviewer": home.reviewer, "lead": home.lead, "board": home.board}
    people["outsider"] = home.outsider
    return {who: as_(person).get(REPORT + path).status_code for who, person in people.items()}


@pytest.mark.parametrize(
    ("stage", "led"), [(Stage.REVIEWING, False), (Stage.REPORTING, True), (Stage.CLOSED, False)]
)
def test_while_it_is_written_the_overview_leads_to_it_by_a_button(home, stage, led):
    type(home.review).objects.update(stage=stage)
    overview = as_(home.team).get("/reviews/babies/").content.decode()
    button = f'<a class="govuk-button" href="{REPORT}">Write and release the report</a>'
    assert (button in overview) is led


def test_a_report_not_started_says_how_to_start():
    home = build.reported(started=False)
    assert "The report has not been started" in page(home.team)
    response = as_(home.reviewer).post(REPORT + "start/", follow=True)
    assert "The sections have been laid out" in response.content.decode()
    assert ReportSection.objects.filter(review=home.review).count() == 5


def test_the_desk_shows_sections_figures_checks_and_downloads(home):
    html = page(home.reviewer)
    assert "Observations and analysis" in html
    assert "6 submitted, 3 qualify, 3 selected" in html
    assert "No problems" in html
    for kind in FORMATS:
        assert f"{REPORT}download/{kind}/" in html


def test_the_desk_links_each_problem_to_its_place(home):
    home.write("Ring 01632 960123 in all 3 cases.")
    html = page(home.team)
    assert "2 problems are in the way of release" in html
    assert html.count(f'{REPORT}sections/context/">Go to the section') == 2


def test_readers_meet_an_empty_state_until_something_is_released(home):
    assert "No report has been released yet" in page(home.board)
    assert "No report has been released yet" in page(home.lead)


def test_readers_meet_what_is_released_and_nothing_else(home):
    version = released(home)
    home.write("Ring 01632 960123: a draft.")
    release_page = page(home.board)
    assert "Version 1" in release_page
    assert "Sections" not in release_page
    assert "a draft" not in page(home.board, f"versions/{version.number}/")
    assert statuses(home, "preview/") == {
        "team": 200,
        "reviewer": 200,
        "lead": 403,
        "board": 403,
        "outsider": 404,
    }


def test_a_version_that_is_not_released_is_there_for_the_business_team_alone(home):
    release.propose(review=home.review, by=home.team)
    hidden = {"team": 200, "reviewer": 404, "lead": 404, "board": 404, "outsider": 404}
    assert statuses(home, "versions/1/") == hidden
    assert statuses(home, "versions/1/html/") == hidden
    assert "Version 1" not in page(home.board)


def test_every_member_downloads_a_released_version_in_every_format_on_record(home):
    released(home)
    for kind, each in FORMATS.items():
        response = as_(home.board).get(f"{REPORT}versions/1/{kind}/")
        assert response["Content-Type"] == each.content_type
        assert re.search(rf"babies-v1-(report|annex)-[\d-]+\.{kind}", response["Content-Disposition"])
    events = AuditEvent.objects.filter(action="report.downloaded", actor_email=home.board.email)
    assert {event.after["format"] for event in events} == set(FORMATS)
    assert all(event.after["released"] for event in events)


def test_drafts_are_downloaded_by_those_who_write_and_on_record(home):
    assert statuses(home, "download/html/") == {
        "team": 200,
        "reviewer": 200,
        "lead": 403,
        "board": 403,
        "outsider": 404,
    }
    assert AuditEvent.objects.filter(action="report.downloaded", object_type="report draft").count() == 2
    assert as_(home.team).get(REPORT + "download/rtf/").status_code == 404


def test_an_unknown_live_count_keeps_the_draft_from_being_built_with_a_message(home):
    home.write("In {{ cases_wanted }}.")
    for path in ("download/pdf/", "preview/"):
        response = as_(home.team).get(REPORT + path, follow=True)
        assert "“{{ cases_wanted }}” is no live count of this report." in response.content.decode()
    assert not AuditEvent.objects.filter(action="report.downloaded").exists()


def test_a_section_is_written_on_its_page(home):
    path = REPORT + "sections/context/"
    response = as_(home.reviewer).post(
        path, {"heading": "Context", "body": "Newly written.", "revision": 2}, follow=True
    )
    assert "“Context” has been saved." in response.content.decode()
    assert home.section().body == "Newly written."


def test_both_texts_are_shown_when_a_colleague_saved_first(home):
    response = as_(home.team).post(
        REPORT + "sections/context/", {"heading": "Context", "body": "My own words.", "revision": 1}
    )
    html = response.content.decode()
    assert response.status_code == 409
    assert "My own words." in html
    assert "Checks helped in" in html
    assert 'name="revision" value="2"' in html


def test_a_section_is_added_moved_and_removed_on_its_pages(home):
    client = as_(home.team)
    client.post(REPORT + "sections/new/", {"heading": "Thanks"})
    client.post(REPORT + "sections/added-1/move/", {"to": "up"})
    revision = ReportSection.objects.get(key="added-1").revision
    assert revision == 2
    response = client.post(REPORT + "sections/added-1/remove/", {"revision": revision}, follow=True)
    assert "“Thanks” has been removed." in response.content.decode()


def test_the_business_team_puts_forward_and_two_release_it(home):
    team, second = as_(home.team), as_(home.second)
    assert (
        "The checks found nothing that has not been accepted with a reason"
        in team.get(REPORT + "propose/").content.decode()
    )
    response = team.post(REPORT + "propose/", follow=True)
    assert "Version 1 has been put forward." in response.content.decode()
    assert "Approve version 1" in second.get(REPORT + "versions/1/").content.decode()
    team.post(REPORT + "versions/1/approve/")
    second.post(REPORT + "versions/1/approve/")
    assert ReportVersion.objects.get().released_at is not None
    assert "Read the report" in as_(home.board).get("/").content.decode()


def test_who_wrote_alone_is_told_why_there_is_no_button():
    home = build.reported()
    home.write(by=home.team)
    release.propose(review=home.review, by=home.team)
    html = page(home.team, "versions/1/")
    assert "You alone wrote this version" in html
    assert "Approve version 1" not in html


def test_problems_are_shown_where_putting_forward_is_refused(home):
    home.write("Ring 01632 960123.")
    response = as_(home.team).post(REPORT + "propose/")
    html = response.content.decode()
    assert response.status_code == 409
    assert "There is a problem" in html
    assert "telephone number" in html


def test_the_desk_says_when_evidence_has_changed_since(home):
    release.propose(review=home.review, by=home.team)
    codebook.retire(theme=home.early, by=home.reviewer)
    assert "have changed since version 1 was put forward" in page(home.team)


def test_before_the_selection_there_is_nothing_to_write_yet():
    home = build.reported(started=False, stage=Stage.REVIEWING)
    assert "Start the report" in page(home.team)


def test_a_version_that_waits_for_approval_is_told_at_home(home):
    assert "waits for your approval" not in as_(home.second).get("/").content.decode()
    version = release.propose(review=home.review, by=home.team)
    assert "waits for your approval" in as_(home.second).get("/").content.decode()
    release.approve(version=version, by=home.second)
    assert "waits for your approval" not in as_(home.second).get("/").content.decode()


def test_the_overview_tells_the_reports_state(home):
    overview = as_(home.team).get("/reviews/babies/").content.decode()
    assert "1 of 5 sections written" in overview
    release.propose(review=home.review, by=home.team)
    assert "Version 1 put forward" in as_(home.team).get("/reviews/babies/").content.decode()


def test_the_desk_takes_the_same_number_of_queries_with_more_sections_and_versions(home):
    client = as_(home.team)

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            client.get(REPORT)
        return len(taken)

    release.propose(review=home.review, by=home.team)
    queries()  # the first page of a session writes it
    few = queries()
    for number in range(4):
        report.add_section(review=home.review, heading=f"Part {number}", by=home.team)
        release.propose(review=home.review, by=home.team)
    assert queries() == few
