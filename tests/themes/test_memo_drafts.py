"""What is typed into the memo of a passage is kept while it is typed, and by what refused it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kscmp_review.accounts.models import User
from tests import build as people
from tests.themes import build
from themes.actions import passages, second_reading
from themes.models import Passage, WritingDraft

pytestmark = pytest.mark.django_db
SHOWN = "What you typed and did not save"


@pytest.fixture
def home() -> build.House:
    return build.house()


@pytest.fixture
def passage(home) -> Passage:
    return passages.tag(
        source=build.finding(home, "Five agencies were asked."),
        start=0,
        end=13,
        themes=[build.theme(home, "Checks")],
        by=home.reviewer,
    )


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(home, name: str, *more: object) -> str:
    return reverse(name, args=[home.review.slug, home.cases[0].public_id, *more])


def autosave(home, client: Client, number: object, memo: str, *, seen: str = "", revision: int = 0):
    sent = {"memo": memo, "seen": seen, "draft_token": "t", "draft_revision": revision}
    return client.post(at(home, "writing_draft", "memo", number), sent)


def test_it_is_there_again_for_its_writer_alone_and_gone_once_saved(home, passage):
    client = as_(home.reviewer)
    assert autosave(home, client, passage.pk, "Who ask").json()["revision"] == 1
    assert b"Who" not in bytes(WritingDraft.objects.get().sealed)
    for address in (at(home, "case"), at(home, "passage", passage.pk)):
        page = client.get(address).content.decode()
        assert SHOWN in page
        assert ">Who ask</textarea>" in page
        assert "A colleague has saved since" not in page
        assert SHOWN not in as_(home.colleague).get(address).content.decode()
    client.post(at(home, "passage_memo", passage.pk), {"memo": "Who asked?", "seen": ""})
    page = client.get(at(home, "case")).content.decode()
    assert SHOWN not in page
    assert ">Who asked?</textarea>" in page
    late = autosave(home, client, passage.pk, "Who aske", revision=1)
    assert late.status_code == 409
    assert not WritingDraft.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("by_htmx", [True, False])
def test_what_a_colleague_was_quicker_than_is_kept_and_shown_beside_theirs(home, passage, by_htmx):
    passages.write_memo(passage=passage, memo="Theirs.", seen="", by=home.colleague)
    client = as_(home.reviewer)
    headers = {"hx-request": "true"} if by_htmx else {}
    sent = {"memo": "Mine.", "seen": ""}
    answer = client.post(at(home, "passage_memo", passage.pk), sent, headers=headers, follow=not by_htmx)
    page = answer.content.decode()
    assert "Somebody has changed this memo since" in page
    assert "A colleague has saved since: “Theirs.”" in page
    assert ">Mine.</textarea>" in page
    # With both in sight, saving again is a choice.
    client.post(at(home, "passage_memo", passage.pk), {"memo": "Mine, and theirs.", "seen": "Theirs."})
    passage.refresh_from_db()
    assert passage.memo == "Mine, and theirs."
    assert SHOWN not in client.get(at(home, "case")).content.decode()


def test_a_memo_that_is_too_long_is_kept_to_be_shortened(home, passage):
    client, long = as_(home.reviewer), "x" * 4_001
    client.post(at(home, "passage_memo", passage.pk), {"memo": long, "seen": ""})
    assert f">{long}</textarea>" in client.get(at(home, "case")).content.decode()


def test_by_itself_the_form_stays_and_nothing_is_kept_twice(home, passage):
    passages.write_memo(passage=passage, memo="Theirs.", seen="", by=home.colleague)
    headers = {"hx-request": "true", "hx-target": f"said-{passage.finding.public_id}"}
    answer = as_(home.reviewer).post(
        at(home, "passage_memo", passage.pk), {"memo": "Mine.", "seen": ""}, headers=headers
    )
    assert answer.status_code == 409
    assert not WritingDraft.objects.exists()


def test_it_is_discarded_and_its_passage_is_shown_again(home, passage):
    client = as_(home.reviewer)
    autosave(home, client, passage.pk, "Who ask")
    page = client.get(at(home, "case")).content.decode()
    discard = at(home, "writing_discard", "memo", passage.pk)
    back = f"{at(home, 'case')}#passage-{passage.pk}"
    assert f'action="{discard}"' in page
    assert f'name="back" value="{back}"' in page
    assert client.post(discard, {"back": back})["Location"] == back
    assert SHOWN not in client.get(at(home, "case")).content.decode()


def test_a_passage_that_goes_takes_what_was_typed_along(home, passage):
    client = as_(home.reviewer)
    autosave(home, client, passage.pk, "Who ask")
    passages.untag(passage=passage, theme=passage.tags.get().theme, by=home.reviewer)
    assert SHOWN not in client.get(at(home, "case")).content.decode()
    assert autosave(home, client, passage.pk, "Who asked", revision=1).status_code == 404


@pytest.mark.parametrize("number", ["999999", "nothing", "9" * 30])
def test_none_is_kept_of_a_passage_that_is_not_there(home, number):
    assert autosave(home, as_(home.reviewer), number, "Who").status_code == 404


def test_whoever_reads_a_second_time_is_told_of_no_passage(home, passage):
    second = people.reviewer(home.review, "rory", by=home.team)
    second_reading.begin(case=home.cases[0], first=home.reviewer, second=second, by=second)
    assert autosave(home, as_(second), passage.pk, "Who").status_code == 404
    assert autosave(home, as_(home.reviewer), passage.pk, "Who").status_code == 200


def test_drafts_are_asked_for_once_however_many_there_are(home, passage):
    client = as_(home.reviewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(at(home, "case"))
        return len(asked)

    queries()
    autosave(home, client, passage.pk, "One")
    one = queries()
    for start in (5, 14):
        more = passages.tag(
            source=passage.finding,
            start=start,
            end=start + 6,
            themes=[passage.tags.get().theme],
            by=home.reviewer,
        )
        autosave(home, client, more.pk, "More")
    assert queries() == one
