"""What is typed is kept while it is typed; every earlier version can be read and restored."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Stage
from tests.themes import build
from themes.actions import codebook, findings, matrix, notes
from themes.actions.entries import Entry
from themes.models import Cell, Finding, WritingDraft
from themes.versions import versions_of_theme

pytestmark = pytest.mark.django_db
TYPED = {
    "record_kind": "case note",
    "record_date": "4/2/2022",
    "text": "Half a",
    "expectation": "expected",
    "quality": "strength",
}


@pytest.fixture
def home() -> build.House:
    return build.house()


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(home, name: str, *more: object) -> str:
    return reverse(name, args=[home.review.slug, home.cases[0].public_id, *more])


def autosave(client: Client, url: str, *, revision: int = 0, token: str = "t", **typed: object):
    return client.post(
        url, {**TYPED, "revision": 0, **typed, "draft_token": token, "draft_revision": revision}
    )


class TestDrafts:
    def test_what_was_typed_is_there_after_a_new_sign_in_and_gone_once_saved(self, home):
        url = at(home, "writing_draft", "finding", "new")
        answer = autosave(signed_in(home.reviewer), url)
        assert answer.json()["revision"] == 1
        again = signed_in(home.reviewer)
        page = again.get(at(home, "finding_new")).content.decode()
        assert "What you typed and did not save" in page
        assert "Half a" in page
        assert "govuk-error-summary" not in page
        again.post(at(home, "finding_new"), {**TYPED, "text": "Half a page.", "revision": 0})
        assert Finding.objects.get().text == "Half a page."
        assert "Half a" not in again.get(at(home, "finding_new")).content.decode()

    def test_a_save_still_on_its_way_when_the_finding_was_saved_brings_no_draft_back(self, home):
        client, url = signed_in(home.reviewer), at(home, "writing_draft", "finding", "new")
        autosave(client, url)
        client.post(at(home, "finding_new"), {**TYPED, "revision": 0})
        late = autosave(client, url, revision=1)
        assert late.status_code == 409
        assert not WritingDraft.objects.filter(ended_at=None).exists()

    def test_nor_does_the_first_save_of_a_form_that_was_sent_at_once(self, home):
        client, url = signed_in(home.reviewer), at(home, "writing_draft", "finding", "new")
        for text, token in (("Six came.", "a"), ("Seven came.", "b")):
            client.post(at(home, "finding_new"), {**TYPED, "text": text, "revision": 0, "draft_token": token})
            assert autosave(client, url, token=token).status_code == 409
        assert not WritingDraft.objects.filter(ended_at=None).exists()

    def test_what_is_being_typed_in_another_tab_outlives_a_finding_sent_from_this_one(self, home):
        client, url = signed_in(home.reviewer), at(home, "writing_draft", "finding", "new")
        autosave(client, url)
        sent = {**TYPED, "text": "Six came.", "revision": 0, "draft_token": "this tab"}
        client.post(at(home, "finding_new"), {**sent, "text": " "})
        client.post(at(home, "finding_new"), sent)
        assert Finding.objects.get().text == "Six came."
        assert "Half a" in client.get(at(home, "finding_new")).content.decode()
        assert autosave(client, url, revision=1).status_code == 200

    def test_a_refused_form_stays_itself_beside_a_draft_of_another_tab(self, home):
        client, url = signed_in(home.reviewer), at(home, "writing_draft", "finding", "new")
        autosave(client, url)
        sent = {**TYPED, "text": " ", "revision": 0, "draft_token": "this tab"}
        page = client.post(at(home, "finding_new"), sent).content.decode()
        assert 'name="draft_token" value="this tab"' in page
        assert 'name="draft_revision" value="0"' in page
        assert "What you typed and did not save" not in page

    def test_what_was_typed_into_a_finding_that_is_gone_is_shown_and_can_be_saved(self, home):
        finding = build.finding(home, "Six came.")
        client = signed_in(home.reviewer)
        form = at(home, "finding_change", finding.public_id)
        autosave(client, at(home, "writing_draft", "finding", finding.public_id), text="Six came, I think.")
        findings.delete(finding=finding, revision=1, by=home.colleague)
        page = client.get(form)
        assert "Six came, I think." in page.content.decode()
        assert "A colleague has deleted this finding" in page.content.decode()
        again = {**TYPED, "text": "Six came, I think.", "revision": 0, "draft_token": "t"}
        client.post(at(home, "finding_new"), again)
        assert Finding.objects.get().text == "Six came, I think."
        assert not WritingDraft.objects.filter(ended_at=None).exists()
        assert client.get(form).status_code == 404

    def test_the_longest_text_of_any_script_is_kept(self, home):
        url = at(home, "writing_draft", "finding", "new")
        assert autosave(signed_in(home.reviewer), url, text="\N{BABY}" * 250_000).status_code == 200

    def test_a_tab_that_is_behind_does_not_save_over_the_other(self, home):
        client, url = signed_in(home.reviewer), at(home, "writing_draft", "finding", "new")
        autosave(client, url)
        assert autosave(client, url, token="other").status_code == 409
        assert "Half a" in client.get(at(home, "finding_new")).content.decode()

    def test_a_draft_is_seen_by_its_writer_alone(self, home):
        autosave(signed_in(home.reviewer), at(home, "writing_draft", "finding", "new"))
        assert "Half a" not in signed_in(home.colleague).get(at(home, "finding_new")).content.decode()

    def test_a_draft_on_a_text_a_colleague_has_saved_since_meets_both_texts(self, home):
        finding = build.finding(home, "Six came.")
        client = signed_in(home.reviewer)
        url = at(home, "writing_draft", "finding", finding.public_id)
        autosave(client, url, text="Six came, I think.", revision=0)
        typed = WritingDraft.objects.get()
        assert b"think" not in bytes(typed.sealed)
        findings.change(
            finding=finding,
            record_kind="case note",
            record_date=None,
            expectation="expected",
            quality="strength",
            text="Seven came.",
            revision=1,
            by=home.colleague,
        )
        form = at(home, "finding_change", finding.public_id)
        assert "Six came, I think." in client.get(form).content.decode()
        answer = client.post(form, {**TYPED, "text": "Six came, I think.", "revision": 1})
        assert answer.status_code == 409
        assert "Seven came." in answer.content.decode()

    def test_discarding_shows_what_is_saved(self, home):
        theme = build.theme(home, "Supervision")
        matrix.summarise(case=home.cases[0], theme=theme, summary="Monthly.", by=home.reviewer)
        client = signed_in(home.reviewer)
        url = at(home, "writing_draft", "cell", theme.slug)
        client.post(url, {"summary": "Weekly", "revision": 1, "draft_token": "t", "draft_revision": 0})
        form = reverse("matrix_cell", args=["babies", home.cases[0].public_id, theme.slug])
        assert "Weekly" in client.get(form).content.decode()
        client.post(at(home, "writing_discard", "cell", theme.slug), {"back": form})
        assert "Weekly" not in client.get(form).content.decode()

    def test_discarding_leads_nowhere_else(self, home):
        url = at(home, "writing_discard", "cell", "supervision")
        answer = signed_in(home.reviewer).post(url, {"back": "https://elsewhere.example/"})
        assert answer["Location"] == at(home, "case")

    def test_no_draft_is_kept_of_a_kind_that_is_none_or_once_the_review_is_closed(self, home):
        client = signed_in(home.reviewer)
        assert autosave(client, at(home, "writing_draft", "letter", "new")).status_code == 404
        type(home.review).objects.update(stage=Stage.CLOSED)
        assert autosave(client, at(home, "writing_draft", "finding", "new")).status_code == 409


class TestVersions:
    @pytest.fixture
    def finding(self, home):
        finding = build.finding(home, "Six replies came.")
        return findings.change(
            finding=finding,
            record_kind="agency check",
            record_date=build.READ,
            expectation="required",
            quality="strength",
            text="Seven replies came.",
            revision=1,
            by=home.colleague,
        )

    def test_each_version_tells_who_saved_it_and_what_it_changed(self, home, finding):
        page = signed_in(home.team).get(at(home, "text_history", finding.public_id)).content.decode()
        assert home.colleague.name in page
        assert "<del" in page
        assert "<ins" in page
        assert "Restore this version" not in page

    def test_restoring_a_version_saves_it_as_the_newest(self, home, finding):
        client = signed_in(home.reviewer)
        client.post(at(home, "text_history", finding.public_id), {"revision": 1})
        finding.refresh_from_db()
        assert finding.text == "Six replies came."
        assert finding.revision == 3
        page = client.get(at(home, "text_history", finding.public_id)).content.decode()
        assert page.count('<section class="house-card"') == 3

    def test_a_note_and_a_summary_are_restored_alike(self, home):
        build.interview(home)
        question, theme, case = build.question(home), build.theme(home, "Supervision"), home.cases[0]
        note = build.note(home, question, "She came early.")
        notes.write(case=case, question=question, text="She came late.", revision=1, by=home.colleague)
        matrix.summarise(case=case, theme=theme, summary="Monthly.", by=home.reviewer)
        matrix.summarise(case=case, theme=theme, summary="Weekly.", revision=1, by=home.colleague)
        client = signed_in(home.reviewer)
        client.post(at(home, "text_history", note.public_id), {"revision": 1})
        client.post(reverse("cell_history", args=["babies", case.public_id, theme.slug]), {"revision": 1})
        note.refresh_from_db()
        assert note.text == "She came early."
        assert Cell.objects.get().summary == "Monthly."

    def test_a_version_that_never_was_is_not_there(self, home, finding):
        url = at(home, "text_history", finding.public_id)
        for revision in ("9", "", "x"):
            assert signed_in(home.reviewer).post(url, {"revision": revision}).status_code == 404

    def test_a_deleted_finding_is_written_again(self, home, finding):
        findings.delete(finding=finding, revision=2, by=home.reviewer)
        client = signed_in(home.reviewer)
        assert "Deleted findings" in client.get(at(home, "case")).content.decode()
        url = at(home, "findings_deleted")
        assert "Seven replies came." in client.get(url).content.decode()
        client.post(url, {"finding": finding.public_id})
        assert Finding.objects.get().text == "Seven replies came."
        assert client.post(url, {"finding": "elsewhere"}).status_code == 404

    def test_a_text_of_another_case_has_no_versions_here(self, home, finding):
        other: Case = home.cases[1]
        url = reverse("text_history", args=["babies", other.public_id, finding.public_id])
        assert signed_in(home.reviewer).get(url).status_code == 404


def test_the_draft_of_a_retired_theme_is_still_kept(home):
    theme = codebook.retire(theme=build.theme(home, "Old"), by=home.reviewer)
    url = at(home, "writing_draft", "cell", theme.slug)
    answer = signed_in(home.reviewer).post(
        url, urlencode({"summary": "x", "draft_token": "t"}), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200


class TestThemes:
    def test_every_wording_of_a_theme_is_kept_and_can_be_restored(self, home):
        theme = build.theme(home, "Checks", definition="Asking agencies.")
        entry = Entry(name="Agency checks", definition="Asking other agencies.")
        codebook.change(theme=theme, entry=entry, revision=1, by=home.colleague)
        theme.refresh_from_db()
        codebook.retire(theme=theme, by=home.reviewer)
        versions = versions_of_theme(theme)
        assert [(each.revision, each.by) for each in versions] == [
            (2, home.colleague.name),
            (1, home.reviewer.name),
        ]
        assert [label for label, _ in versions[0].parts] == ["Name", "Definition"]
        codebook.restore(theme=theme, by=home.reviewer)
        client = signed_in(home.reviewer)
        url = reverse("theme_history", args=[home.review.slug, theme.slug])
        assert "Restore this version" in client.get(url).content.decode()
        client.post(url, {"revision": "1"})
        theme.refresh_from_db()
        assert (theme.name, theme.definition) == ("Checks", "Asking agencies.")
        assert client.post(url, {"revision": "99"}).status_code == 404
