"""Interviews: status, notes by question, the topic guide, the tally."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.errors import Refused, Stale
from cases.permissions import NotAllowed, NotFound
from tests.themes import build
from themes.actions import interviews, notes, topic_guide
from themes.guide_versions import guide_versions
from themes.models import Interview, InterviewNote, TopicQuestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.House:
    return build.house()


@pytest.fixture
def client(home) -> Client:
    client = Client()
    client.force_login(home.reviewer)
    return client


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"status": "perhaps"}, "where the interview stands"),
        ({"status": "declined"}, "reason"),
        ({"status": "unavailable", "reason": " "}, "reason"),
        ({"status": "done"}, "date"),
        ({"status": "done", "held_on": timezone.localdate() + timedelta(days=2)}, "future"),
    ],
)
def test_an_interview_that_breaks_a_rule_is_refused(home, fields, message):
    with pytest.raises(Refused, match=message):
        interviews.record(case=home.cases[0], **fields, by=home.reviewer)
    assert not Interview.objects.exists()


def test_interviews_are_recorded_by_reviewers_of_selected_cases_only(home):
    with pytest.raises(NotAllowed):
        interviews.record(case=home.cases[0], status="invited", by=home.team)
    with pytest.raises(NotFound):
        interviews.record(case=home.unselected, status="invited", by=home.reviewer)


def test_an_interview_with_notes_cannot_become_one_that_never_was(home):
    about = build.question(home)
    build.interview(home)
    build.note(home, about)
    with pytest.raises(Refused, match="notes"):
        interviews.record(
            case=home.cases[0], status="declined", reason="No time", revision=1, by=home.reviewer
        )


def test_notes_wait_for_an_interview(home):
    about = build.question(home)
    with pytest.raises(Refused, match="Record the interview"):
        build.note(home, about)


def test_a_late_save_of_notes_writes_nothing(home):
    about = build.question(home)
    build.interview(home)
    build.note(home, about, "Theirs.")
    with pytest.raises(Stale):
        notes.write(case=home.cases[0], question=about, text="Mine.", revision=0, by=home.colleague)
    assert InterviewNote.objects.get().text == "Theirs."


def test_a_late_save_of_notes_shows_both_and_can_be_merged(home, client):
    about = build.question(home)
    build.interview(home)
    note = build.note(home, about, "As a colleague heard it.")
    address = reverse("interview_note", args=[home.review.slug, home.cases[0].public_id, about.pk])
    response = client.post(address, {"text": "As I heard it.", "revision": 0})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "As a colleague heard it." in shown
    assert "As I heard it." in shown
    revision = response.context["form"]["revision"].value()
    assert client.post(address, {"text": "As both heard it.", "revision": revision}).status_code == 302
    note.refresh_from_db()
    assert note.text == "As both heard it."


def test_a_late_save_of_an_interview_shows_what_is_recorded(home, client):
    build.interview(home)
    address = reverse("interview", args=[home.review.slug, home.cases[0].public_id])
    response = client.post(address, {"status": "declined", "reason": "Too busy", "revision": 0})
    assert response.status_code == 409
    assert "10 March 2022" in response.content.decode()
    assert Interview.objects.get().status == "done"


def test_reviewer_records_an_interview_and_writes_notes_on_the_pages(home, client):
    about = build.question(home)
    at = [home.review.slug, home.cases[0].public_id]
    posted = {"status": "done", "held_on": "10/3/2022", "quoting_agreed": "yes", "revision": 0}
    assert client.post(reverse("interview", args=at), posted).status_code == 302
    assert (
        client.post(
            reverse("interview_note", args=[*at, about.pk]), {"text": "It helped.", "revision": 0}
        ).status_code
        == 302
    )
    note = InterviewNote.objects.select_related("interview").get()
    assert (note.text, note.interview.quoting_agreed) == ("It helped.", True)
    shown = client.get(reverse("topic_question", args=[home.review.slug, about.pk])).content.decode()
    assert "It helped." in shown


def test_the_tally_is_told_in_words(home, client):
    build.interview(home)
    interviews.record(case=home.cases[1], status="unavailable", reason="maternity leave", by=home.reviewer)
    shown = client.get(reverse("interviews", args=[home.review.slug])).content.decode()
    assert "1 of the 2 social workers took part; 1 was unavailable (maternity leave)." in shown


def test_business_team_sees_interviews_and_cannot_record_them(home):
    client = Client()
    client.force_login(home.team)
    build.question(home)
    assert client.get(reverse("interviews", args=[home.review.slug])).status_code == 200
    assert client.get(reverse("topic_guide", args=[home.review.slug])).status_code == 200
    assert client.post(reverse("topic_guide", args=[home.review.slug]), {"text": "Why?"}).status_code == 403
    at = [home.review.slug, home.cases[0].public_id]
    assert client.get(reverse("interview", args=at)).status_code == 403


def test_the_topic_guide_is_kept_on_its_pages(home, client):
    guide = reverse("topic_guide", args=[home.review.slug])
    client.post(guide, {"text": "What worked?"})
    asked = TopicQuestion.objects.get()
    change = reverse("topic_question_change", args=[home.review.slug, asked.pk])
    client.post(change, {"text": "What worked well?", "seen": "What worked?"})
    late = client.post(change, {"text": "What else?", "seen": "What worked?"})
    assert "Somebody else saved" in late.content.decode()
    assert client.post(guide, {"text": "  "}).status_code == 200
    retire = reverse("topic_question_retire", args=[home.review.slug, asked.pk])
    client.post(retire)
    asked.refresh_from_db()
    assert (asked.text, asked.retired_at is None) == ("What worked well?", False)
    client.post(retire, {"restore": "yes"})
    asked.refresh_from_db()
    assert asked.retired_at is None


def test_a_retired_question_keeps_its_notes_and_takes_no_new_ones(home):
    about = build.question(home)
    build.interview(home)
    build.interview(home, case=1)
    build.note(home, about)
    topic_guide.retire(question=about, by=home.reviewer)
    notes.write(case=home.cases[0], question=about, text="Corrected.", revision=1, by=home.reviewer)
    with pytest.raises(Refused, match="retired"):
        build.note(home, about, case=1)


def test_a_question_of_another_review_is_not_there(home, client):
    about = build.question(build.house("others"))
    assert client.get(reverse("topic_question", args=[home.review.slug, about.pk])).status_code == 404
    at = [home.review.slug, home.cases[0].public_id, about.pk]
    assert client.get(reverse("interview_note", args=at)).status_code == 404


def test_interviews_page_holds_its_queries_as_notes_grow(home, client, django_assert_max_num_queries):
    build.interview(home)
    build.note(home, build.question(home))
    address = reverse("interviews", args=[home.review.slug])
    with django_assert_max_num_queries(100) as few:
        client.get(address)
    build.interview(home, case=1)
    for number in range(3):
        build.note(home, build.question(home, f"Question {number}?"), case=1)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def worded(home, *texts: str) -> list[TopicQuestion]:
    return [build.question(home, text) for text in texts]


def test_notes_keep_the_wording_they_were_asked_under(home, client):
    about = build.question(home, "What helped?")
    for case in (0, 1):
        build.interview(home, case=case)
    build.note(home, about, "She came early.")
    topic_guide.change(question=about, text="What helped most?", seen="What helped?", by=home.colleague)
    build.note(home, about, "The visits.", case=1)
    notes.write(case=home.cases[0], question=about, text="She came very early.", revision=1, by=home.reviewer)
    asked = InterviewNote.objects.order_by("interview__case__letter").values_list("asked_as", flat=True)
    assert list(asked) == ["What helped?", "What helped most?"]
    shown = client.get(reverse("topic_question", args=[home.review.slug, about.pk])).content.decode()
    assert shown.count("Asked as: What helped?") == 1
    assert "Asked as: What helped most?" not in shown
    of_case = client.get(reverse("case", args=[home.review.slug, home.cases[0].public_id])).content.decode()
    assert "Asked as: What helped?" in of_case


def test_every_version_of_the_topic_guide_can_be_read(home):
    first, second = worded(home, "What helped?", "What was hard?")
    topic_guide.change(question=first, text="What helped most?", seen="What helped?", by=home.colleague)
    topic_guide.move(question=second, direction="up", by=home.reviewer)
    topic_guide.retire(question=first, by=home.reviewer)
    build.question(build.house("others"), "Of another review?")
    versions = guide_versions(home.review)
    assert [(each.number, each.change, each.asked) for each in versions] == [
        (5, "retired", ["What was hard?"]),
        (4, "moved", ["What was hard?", "What helped most?"]),
        (3, "reworded", ["What helped most?", "What was hard?"]),
        (2, "added", ["What helped?", "What was hard?"]),
        (1, "added", ["What helped?"]),
    ]
    reworded = versions[2]
    assert (reworded.by, reworded.before, reworded.now) == (
        home.colleague.name,
        "What helped?",
        "What helped most?",
    )
    assert [piece.what for piece in reworded.pieces] == ["same", "new", "same"]


def test_an_earlier_wording_is_put_back_from_the_versions(home, client):
    (about,) = worded(home, "What helped?")
    topic_guide.change(question=about, text="What worked?", seen="What helped?", by=home.reviewer)
    shown = client.get(reverse("topic_guide_versions", args=[home.review.slug])).content.decode()
    assert "Put the earlier wording back" in shown
    change = reverse("topic_question_change", args=[home.review.slug, about.pk])
    client.post(change, {"text": "What helped?", "seen": "What worked?"})
    about.refresh_from_db()
    assert about.text == "What helped?"
    assert guide_versions(home.review)[0].change == "reworded"


def test_questions_are_moved_within_the_guide(home, client):
    first, second, retired = worded(home, "One?", "Two?", "Three?")
    topic_guide.retire(question=retired, by=home.reviewer)
    client.post(reverse("topic_question_move", args=[home.review.slug, second.pk]), {"direction": "up"})
    asked = TopicQuestion.objects.filter(review=home.review, retired_at=None)
    assert [each.text for each in asked] == ["Two?", "One?"]
    with pytest.raises(Refused, match="further down"):
        topic_guide.move(question=first, direction="down", by=home.reviewer)
    with pytest.raises(Refused, match="retired"):
        topic_guide.move(question=retired, direction="up", by=home.reviewer)


def test_one_question_shows_who_said_nothing_and_leads_to_the_next(home, client):
    first, second = worded(home, "One?", "Two?")
    for case in (0, 1):
        build.interview(home, case=case, agreed=True)
    build.note(home, first, "It helped.")
    response = client.get(reverse("topic_question", args=[home.review.slug, first.pk]))
    assert [each.case for each in response.context["silent"]] == [home.cases[1]]
    assert (response.context["earlier"], response.context["later"]) == (None, second)
    assert "Quoting agreed" in response.content.decode()
