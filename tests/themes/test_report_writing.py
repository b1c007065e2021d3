"""Writing a section on its page: kept while typed, put together with a colleague's, restored, looked at."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Stage
from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import report
from themes.models import SectionDraft

pytestmark = pytest.mark.django_db
SECTIONS = "/reviews/babies/report/sections/"
CONTEXT = f"{SECTIONS}context/"
THREE = "One.\n\nTwo.\n\nThree."


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write(THREE)
    return home


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(body: str, *, revision: int = 2, **more: object) -> dict[str, object]:
    return {"heading": "Context", "body": body, "revision": revision, "base": 2, **more}


def autosave(client: Client, body: str, *, revision: int = 0, token: str = "t"):
    return client.post(f"{CONTEXT}draft/", typed(body, draft_token=token, draft_revision=revision))


class TestKeptWhileTyped:
    def test_it_is_there_again_for_its_writer_alone_and_gone_once_saved(self, home):
        assert autosave(as_(home.team), "Half a").json()["revision"] == 1
        page = as_(home.team).get(CONTEXT).content.decode()
        assert "What you typed and did not save" in page
        assert "Half a" in page
        assert "Half a" not in as_(home.second).get(CONTEXT).content.decode()
        as_(home.team).post(CONTEXT, typed("Half a page."))
        assert home.section().body == "Half a page."
        assert "What you typed and did not save" not in as_(home.team).get(CONTEXT).content.decode()

    def test_it_is_sealed_and_a_late_save_brings_nothing_back(self, home):
        client = as_(home.team)
        autosave(client, "Half a")
        assert b"Half" not in bytes(SectionDraft.objects.get().sealed)
        client.post(CONTEXT, typed("Whole."))
        assert autosave(client, "Half a", revision=1).status_code == 409
        assert bytes(SectionDraft.objects.get().sealed) == b""

    def test_it_is_discarded(self, home):
        client = as_(home.team)
        autosave(client, "Half a")
        client.post(f"{CONTEXT}discard/")
        assert "Half a" not in client.get(CONTEXT).content.decode()
        actions = AuditEvent.objects.filter(action__startswith="draft.").values_list("action", flat=True)
        assert set(actions) == {"draft.begun", "draft.discarded"}

    def test_a_section_removed_meanwhile_takes_no_word_with_it(self, home):
        client, section = as_(home.reviewer), home.section()
        report.remove_section(section=section, revision=section.revision, by=home.team)
        assert autosave(client, "Half a").status_code == 200
        response = client.post(CONTEXT, typed("Half a page."), follow=True)
        assert "A colleague has removed this section. What you typed is kept" in response.content.decode()
        client.post(f"{SECTIONS}removed/", {"key": "context"})
        assert "Half a page." in client.get(CONTEXT).content.decode()

    def test_none_is_kept_of_what_never_was_or_in_a_closed_review(self, home):
        client = as_(home.team)
        assert client.post(f"{SECTIONS}nothing/draft/", typed("x")).status_code == 404
        assert client.get(f"{SECTIONS}nothing/").status_code == 404
        type(home.review).objects.update(stage=Stage.CLOSED)
        assert autosave(client, "x").status_code == 409


class TestTwoAtOnce:
    def test_changes_of_other_paragraphs_are_put_together(self, home):
        home.write("One!\n\nTwo.\n\nThree.")
        client = as_(home.team)
        page = client.post(CONTEXT, typed("One.\n\nTwo.\n\nThree!"))
        assert page.status_code == 409
        assert "Put both changes together" in page.content.decode()
        both = client.post(CONTEXT, typed("One.\r\n\r\nTwo.\r\n\r\nThree!", revision=3, do="together"))
        assert "One!\n\nTwo.\n\nThree!</textarea>" in both.content.decode()
        assert home.section().body.startswith("One!\n\nTwo.\n\nThree.")
        client.post(CONTEXT, typed("One!\n\nTwo.\n\nThree!", revision=3))
        assert home.section().body == "One!\n\nTwo.\n\nThree!"

    def test_changes_of_one_paragraph_are_for_a_person(self, home):
        home.write("Eins.\n\nTwo.\n\nThree.")
        client = as_(home.team)
        page = client.post(CONTEXT, typed("Un.\n\nTwo.\n\nThree.")).content.decode()
        assert "You both changed the same paragraphs" in page
        assert "<del" in page
        assert "Put both changes together" not in page
        again = client.post(CONTEXT, typed("Un.", revision=3, do="together"))
        assert "What is saved now" in again.content.decode()

    def test_saving_mine_with_both_in_sight_takes_the_place_of_theirs(self, home):
        home.write("Theirs.")
        as_(home.team).post(CONTEXT, typed("Mine."))
        assert home.section().body == "Theirs."
        as_(home.team).post(CONTEXT, typed("Mine.", revision=3))
        assert home.section().body == "Mine."


class TestWithoutJavaScript:
    @pytest.mark.parametrize(
        ("insert", "body"),
        [
            ("{{ cases_selected }}", "Here. {{ cases_selected }}"),
            ("> Words of a worker.", "Here.\n\n&gt; Words of a worker."),
        ],
    )
    def test_what_is_inserted_stands_at_the_end_and_nothing_is_saved(self, home, insert, body):
        page = as_(home.team).post(CONTEXT, typed("Here.", insert=insert)).content.decode()
        assert f"{body}</textarea>" in page
        assert home.section().body == THREE

    def test_a_preview_shows_words_for_counts_and_saves_nothing(self, home):
        body = "**In** {{ cases_selected }} and {{ cases_wanted }} <script>x</script>"
        page = as_(home.team).post(CONTEXT, typed(body, do="preview")).content.decode()
        assert "<strong>In</strong> 3 cases" in page
        assert "No live count of this report: <code>{{ cases_wanted }}</code>" in page
        assert "<script>x" not in page
        assert home.section().body == THREE


class TestBeside:
    def test_themes_of_the_sections_own_strand_stand_first(self, home):
        page = as_(home.team).get(f"{SECTIONS}feedback-from-professionals/").content.decode()
        evidence = page[page.index('id="evidence"') :]
        assert evidence.index("Early request for support") < evidence.index("Agency checks")

    def test_what_may_be_quoted_is_put_in_and_what_was_not_agreed_is_not(self, home):
        page = as_(home.reviewer).get(CONTEXT).content.decode()
        assert f'value="&gt; {build.QUOTABLE}"' in page
        assert "Not marked as quotable" in page
        assert "Quoting was not agreed." in page
        assert f'value="{build.NOT_AGREED}' not in page

    def test_looking_at_it_is_on_record(self, home):
        as_(home.reviewer).get(CONTEXT)
        assert AuditEvent.objects.get(action="evidence.viewed").object_id == "context"

    def test_each_count_has_its_words_beside_it(self, home):
        page = as_(home.reviewer).get(CONTEXT).content.decode()
        assert 'value="{{ cases_with_theme:agency-checks }}"' in page
        assert "Insert “2 of the 3”" in page
        assert page.count('value="{{ cases_with_theme:agency-checks }}"') == 2  # and beside its evidence
        assert "Why the review was made" in page

    def test_the_page_takes_the_same_number_of_queries_with_more_passages_and_saves(self, home):
        client = as_(home.reviewer)

        def queries() -> int:
            with CaptureQueriesContext(connection) as taken:
                client.get(CONTEXT)
            return len(taken)

        queries()  # the first page of a session writes it
        few = queries()
        for often in ("once", "twice", "thrice", "again"):
            finding = build.write_finding(home.cases[0], f"They were asked {often}.", home.reviewer)
            build.tag_words(finding, finding.text, [home.checks], home.reviewer, quotable=often == "once")
            home.write(f"They were asked {often}, it says.")
        assert queries() == few


class TestEarlierVersions:
    def test_each_tells_what_it_changed_and_is_restored(self, home):
        home.write("One.\n\nTwo and a half.", by=home.team)
        client = as_(home.reviewer)
        page = client.get(f"{CONTEXT}versions/").content.decode()
        assert home.team.name in page
        assert "<ins" in page
        client.post(f"{CONTEXT}versions/", {"revision": 2})
        assert (home.section().body, home.section().revision) == (THREE, 4)
        for wanted in ("9", "x", ""):
            assert client.post(f"{CONTEXT}versions/", {"revision": wanted}).status_code == 404

    def test_a_removed_section_is_put_back_in_on_its_page(self, home):
        client, section = as_(home.team), home.section()
        report.remove_section(section=section, revision=section.revision, by=home.team)
        assert "Three." in client.get(f"{SECTIONS}removed/").content.decode()
        client.post(f"{SECTIONS}removed/", {"key": "context"})
        assert home.section().body == THREE
        assert "No section has been removed" in client.get(f"{SECTIONS}removed/").content.decode()
        assert client.post(f"{SECTIONS}removed/", {"key": "context"}).status_code == 404
