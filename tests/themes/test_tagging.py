"""Tagging passages: positions, words that follow an edit, what may be quoted."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused, Stale
from cases.permissions import NotAllowed
from kscmp_review.audit.models import AuditEvent
from tests.themes import build
from themes.actions import codebook, findings, interviews, notes, passages, second_reading
from themes.forms.tagging import SelectionForm
from themes.models import Finding, Passage, SecondTag, Tag

pytestmark = pytest.mark.django_db
EMOJI = "She smiled 🙂🙂 at the café.\nThe baby 👶🏽 slept."


@pytest.fixture
def home() -> build.House:
    return build.house()


def rewrite(home: build.House, finding: Finding, text: str) -> None:
    finding.refresh_from_db()
    findings.change(
        finding=finding,
        record_kind=finding.record_kind,
        expectation=finding.expectation,
        quality=finding.quality,
        record_date=finding.record_date,
        text=text,
        revision=finding.revision,
        by=home.reviewer,
    )


def tag(home: build.House, finding: Finding, words: str, *names: str) -> Passage:
    start = finding.text.index(words)
    themes = [build.theme(home, name) for name in names or ("Supervision",)]
    return passages.tag(
        source=finding, start=start, end=start + len(words), words=words, themes=themes, by=home.reviewer
    )


def test_words_after_emoji_are_tagged_where_they_stand(home):
    passage = tag(home, build.finding(home, EMOJI), "at the café.\nThe baby 👶🏽")
    assert passage.words == "at the café.\nThe baby 👶🏽"


def test_white_space_around_the_words_is_left_out(home):
    passage = tag(home, build.finding(home, "One two three."), " two ")
    assert passage.words == "two"


def test_a_whole_text_is_tagged_and_stays_whole_when_it_changes(home):
    finding = build.finding(home, "As it was.")
    passages.tag(source=finding, themes=[build.theme(home, "Supervision")], by=home.reviewer)
    rewrite(home, finding, "Something else altogether.")
    passage = Passage.objects.get()
    assert (passage.words, passage.needs_look) == ("Something else altogether.", False)


def test_tagging_the_same_words_again_adds_to_the_same_passage(home):
    finding = build.finding(home)
    first, second = tag(home, finding, "Checks", "One"), tag(home, finding, "Checks", "Two")
    assert first == second
    assert first.tags.count() == 2


def test_tagging_twice_with_one_theme_writes_once(home):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    for _ in range(2):
        passages.tag(source=finding, themes=[theme], by=home.reviewer)
    assert Tag.objects.count() == 1
    assert AuditEvent.objects.filter(action="passage.tagged").count() == 1


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 3), (-1, 4), (0, 999), (6, 7), (None, 4)])
def test_a_passage_outside_its_text_or_without_a_word_is_refused(home, start, end):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    with pytest.raises(Refused):
        passages.tag(source=finding, start=start, end=end, themes=[theme], by=home.reviewer)
    assert not Passage.objects.exists()


def test_words_that_no_longer_stand_there_are_not_tagged(home):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    with pytest.raises(Stale):
        passages.tag(source=finding, start=0, end=6, words="Letter", themes=[theme], by=home.reviewer)
    assert not Passage.objects.exists()


def test_a_theme_of_another_review_is_refused(home):
    theme = build.theme(build.house("others"), "Supervision")
    with pytest.raises(Refused, match="another review"):
        passages.tag(source=build.finding(home), themes=[theme], by=home.reviewer)


def test_business_team_cannot_tag(home):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    with pytest.raises(NotAllowed):
        passages.tag(source=finding, themes=[theme], by=home.team)


def test_taking_off_the_last_theme_takes_the_passage(home):
    passage = tag(home, build.finding(home), "Checks", "One", "Two")
    first, second = [each.theme for each in passage.tags.order_by("pk")]
    passages.untag(passage=passage, theme=first, by=home.reviewer)
    assert Passage.objects.exists()
    passages.untag(passage=passage, theme=second, by=home.reviewer)
    assert not Passage.objects.exists()
    with pytest.raises(Refused):
        passages.untag(passage=passage, theme=second, by=home.colleague)


def test_the_last_theme_stays_while_its_passage_has_a_memo(home):
    passage = tag(home, build.finding(home), "Checks", "One", "Two")
    first, second = [each.theme for each in passage.tags.order_by("pk")]
    passages.write_memo(passage=passage, memo="Who asked them?", seen="", by=home.colleague)
    passages.untag(passage=passage, theme=first, by=home.reviewer)
    with pytest.raises(Refused, match="has a memo, which would go with it"):
        passages.untag(passage=passage, theme=second, by=home.reviewer)
    assert Passage.objects.get().memo == "Who asked them?"
    passages.write_memo(passage=passage, memo="", seen="Who asked them?", by=home.colleague)
    passages.untag(passage=passage, theme=second, by=home.reviewer)
    assert not Passage.objects.exists()


def test_a_memo_with_a_null_character_is_refused(home):
    passage = tag(home, build.finding(home), "Checks", "One")
    with pytest.raises(Refused, match="null characters"):
        passages.write_memo(passage=passage, memo="Who\0asked?", seen="", by=home.reviewer)


# What follows an edit


def test_a_passage_follows_its_words_when_text_is_put_before_them(home):
    finding = build.finding(home, "Checks were sent. Replies came.")
    tag(home, finding, "Replies came.")
    rewrite(home, finding, "At first, checks were sent 🙂. Replies came.")
    passage = Passage.objects.get()
    assert (passage.words, passage.needs_look) == ("Replies came.", False)


def test_a_passage_whose_words_changed_needs_a_look_and_is_not_quoted_until_then(home):
    finding = build.finding(home, "Checks were sent. Six replies came.")
    passage = tag(home, finding, "Six replies came.")
    passages.mark_quotable(passage=passage, by=home.reviewer)
    rewrite(home, finding, "Checks were sent. Seven replies came.")
    assert not Passage.objects.quotable().exists()
    passage.refresh_from_db()
    assert passage.needs_look
    passages.look_done(passage=passage, by=home.reviewer)
    assert Passage.objects.quotable().get().words == "Seven replies came."
    with pytest.raises(Refused):
        passages.look_done(passage=passage, by=home.reviewer)


def test_a_passage_whose_words_are_gone_is_kept_on_the_whole_text_to_be_looked_at(home):
    finding = build.finding(home, "Checks were sent. Replies came.")
    tag(home, finding, "Replies came.")
    rewrite(home, finding, "Checks were sent.")
    passage = Passage.objects.get()
    assert (passage.start, passage.needs_look, passage.tags.count()) == (None, True, 1)


def test_passages_that_come_to_the_same_words_become_one_with_the_themes_of_both(home):
    finding = build.finding(home, "Alpha beta. Gamma delta. Stays.")
    tag(home, finding, "Alpha beta.", "One")
    tag(home, finding, "Gamma delta.", "Two")
    rewrite(home, finding, "Stays.")
    passage = Passage.objects.get()
    assert sorted(each.theme.name for each in passage.tags.all()) == ["One", "Two"]
    assert passage.needs_look


def test_passages_may_take_each_others_places(home):
    finding = build.finding(home, "aa bb. Kept.")
    tag(home, finding, "aa bb.", "One")
    tag(home, finding, "aa", "Two")
    rewrite(home, finding, "xx aa bb. Kept.")
    assert {passage.words for passage in Passage.objects.all()} == {"aa bb.", "aa"}


def test_passages_of_an_interview_note_follow_too(home):
    about = build.question(home)
    build.interview(home)
    note = build.note(home, about, "She came early. It helped.")
    theme = build.theme(home, "Early request")
    passages.tag(source=note, start=16, end=26, themes=[theme], by=home.reviewer)
    notes.write(
        case=home.cases[0],
        question=about,
        text="They say she came early. It helped.",
        revision=1,
        by=home.reviewer,
    )
    assert Passage.objects.get().words == "It helped."


# What may be quoted


@pytest.mark.parametrize("agreed", [None, False])
def test_an_interview_is_not_quotable_unless_quoting_was_agreed(home, agreed):
    about = build.question(home)
    build.interview(home, agreed=agreed)
    note = build.note(home, about)
    passage = passages.tag(source=note, themes=[build.theme(home, "Early")], by=home.reviewer)
    with pytest.raises(Refused, match="not agreed to be quoted"):
        passages.mark_quotable(passage=passage, by=home.reviewer)


def test_nothing_stays_quotable_once_the_agreement_is_withdrawn(home):
    about = build.question(home)
    build.interview(home, agreed=True)
    passage = passages.tag(
        source=build.note(home, about), themes=[build.theme(home, "Early")], by=home.reviewer
    )
    passages.mark_quotable(passage=passage, by=home.reviewer)
    assert Passage.objects.quotable().exists()
    interviews.record(
        case=home.cases[0],
        status="done",
        held_on=build.HELD,
        quoting_agreed=False,
        revision=1,
        by=home.reviewer,
    )
    assert not Passage.objects.filter(quotable=True).exists()


# The pages


@pytest.fixture
def client(home) -> Client:
    client = Client()
    client.force_login(home.reviewer)
    return client


def text_page(home: build.House, finding: Finding, *, case: int = 0) -> str:
    return reverse("passage_tag", args=[home.review.slug, home.cases[case].public_id, finding.public_id])


def test_selected_words_are_tagged_and_the_text_comes_back_marked(home, client):
    finding, theme = build.finding(home, EMOJI), build.theme(home, "Supervision")
    start = EMOJI.index("at the")
    words = "at the café.\r\nThe baby"  # a form posts its line ends this way
    posted = {"start": start, "end": start + 21, "words": words, "theme": theme.slug}
    response = client.post(text_page(home, finding), posted, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert "at the café.\nThe baby</mark>" in response.content.decode()


def test_selected_words_that_have_changed_are_refused_beside_the_text_as_it_is(home, client):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    posted = {"start": 0, "end": 6, "words": "Letter", "theme": theme.slug}
    response = client.post(text_page(home, finding), posted, headers={"hx-request": "true"})
    assert response.status_code == 409
    assert "The text has changed" in response.content.decode()
    assert not Passage.objects.exists()


def test_a_text_is_tagged_by_sentence_without_javascript(home, client):
    finding, theme = build.finding(home, "One. Two. Three. Four."), build.theme(home, "Supervision")
    posted = {"sentences": ["1", "2"], "themes": [theme.slug], "revision": 1}
    assert client.post(text_page(home, finding), posted).status_code == 302
    assert Passage.objects.get().words == "Two. Three."


def test_a_whole_text_is_tagged_without_javascript(home, client):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    client.post(text_page(home, finding), {"themes": [theme.slug], "revision": 1})
    assert Passage.objects.get().start is None


def test_sentences_apart_from_one_another_are_refused(home, client):
    finding, theme = build.finding(home, "One. Two. Three."), build.theme(home, "Supervision")
    response = client.post(
        text_page(home, finding), {"sentences": ["0", "2"], "themes": [theme.slug], "revision": 1}
    )
    assert "follow one another" in response.content.decode()
    assert not Passage.objects.exists()


def test_sentences_of_a_text_that_a_colleague_changed_are_not_tagged(home, client):
    finding, theme = build.finding(home, "One. Two. Three."), build.theme(home, "Supervision")
    rewrite(home, finding, "Zero. One. Two. Three.")
    response = client.post(
        text_page(home, finding), {"sentences": ["0"], "themes": [theme.slug], "revision": 1}
    )
    assert response.status_code == 409
    assert not Passage.objects.exists()


def test_overlapping_passages_are_both_shown(home, client):
    finding = build.finding(home, "One two three.")
    tag(home, finding, "One two", "First")
    tag(home, finding, "two three.", "Second")
    address = reverse("case", args=[home.review.slug, home.cases[0].public_id])
    shown = client.get(address).content.decode()
    assert shown.count("house-mark--1") == 2
    assert shown.count("house-mark--2") == 1


def test_a_tag_is_removed_and_a_passage_marked_quotable_from_the_page(home, client):
    passage = tag(home, build.finding(home), "Checks", "One", "Two")
    at = [home.review.slug, home.cases[0].public_id, passage.pk]
    client.post(reverse("passage_quotable", args=at), {"quotable": "yes"})
    passage.refresh_from_db()
    assert passage.quotable
    client.post(reverse("passage_untag", args=at), {"theme": "one"})
    assert [each.theme.name for each in passage.tags.all()] == ["Two"]


def test_a_text_or_passage_of_one_case_is_not_found_under_another(home, client):
    finding = build.finding(home)
    passage = tag(home, finding, "Checks")
    assert client.get(text_page(home, finding, case=1)).status_code == 404
    at = [home.review.slug, home.cases[1].public_id, passage.pk]
    assert client.post(reverse("passage_untag", args=at), {"theme": "supervision"}).status_code == 404
    assert Passage.objects.exists()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_posted_words_keep_their_edges(words):
    form = SelectionForm({"start": 0, "end": 1, "words": words, "theme": "a"})
    assert form.is_valid()
    assert form.cleaned_data["words"] == words.replace("\r\n", "\n").replace("\r", "\n")


def test_taking_off_a_theme_that_is_gone_says_so(home, client):
    passage = tag(home, build.finding(home), "Checks")
    at = [home.review.slug, home.cases[0].public_id, passage.pk]
    response = client.post(reverse("passage_untag", args=at), {"theme": "unheard-of"}, follow=True)
    assert "does not carry this theme any more" in response.content.decode()
    assert Passage.objects.exists()


# Selected words: each thing is read once, under the lock


def select(home, client, finding, theme: str, *, alone: bool = False, start: int = 0, end: int = 6):
    words = finding.text[start:end]
    posted = {"start": start, "end": end, "words": words, "theme": theme}
    target = {"hx-target": f"said-{finding.public_id}"} if alone else {}
    return client.post(text_page(home, finding), posted, headers={"hx-request": "true", **target})


def test_selected_words_are_looked_at_once_and_under_the_lock(home, client):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert select(home, client, finding, theme.slug, alone=True).status_code == 200
    statements = [each["sql"] for each in asked.captured_queries]
    locked = next(place for place, sql in enumerate(statements) if sql.startswith("SAVEPOINT"))
    for table in ("themes_finding", "themes_theme", "themes_secondreading"):
        read = [place for place, sql in enumerate(statements) if f'FROM "{table}"' in sql]
        assert read, table
        assert read[0] > locked, table
    assert sum('FROM "themes_finding"' in sql for sql in statements) == 1
    assert len([sql for sql in statements if "SAVEPOINT" not in sql]) <= 17


def test_selected_words_of_a_note_are_tagged(home, client):
    build.interview(home)
    note, theme = build.note(home, build.question(home)), build.theme(home, "Early request")
    assert select(home, client, note, theme.slug, end=3).status_code == 200
    assert Passage.objects.get().note == note


def test_a_theme_that_is_not_there_is_not_found_and_a_retired_one_is_refused(home, client):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    assert select(home, client, finding, "unheard-of").status_code == 404
    codebook.retire(theme=theme, by=home.reviewer)
    response = select(home, client, finding, theme.slug)
    assert response.status_code == 409
    assert "has been retired: tag with another theme" in response.content.decode()
    assert not Passage.objects.exists()


def test_a_text_of_another_case_or_of_none_selected_is_not_found(home, client):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    posted = {"start": 0, "end": 6, "words": finding.text[:6], "theme": theme.slug}
    for case in (home.cases[1], home.unselected):
        address = reverse("passage_tag", args=[home.review.slug, case.public_id, finding.public_id])
        assert client.post(address, posted, headers={"hx-request": "true"}).status_code == 404
    assert not Passage.objects.exists()


def test_whoever_may_not_tag_may_not_by_selected_words(home):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    for person, status in ((home.team, 403), (home.outsider, 404)):
        client = Client()
        client.force_login(person)
        assert select(home, client, finding, theme.slug).status_code == status
    with pytest.raises(NotAllowed):
        passages.tag_words(
            review=home.review,
            case=home.cases[0].public_id,
            text=finding.public_id,
            theme=theme.slug,
            words="Checks",
            start=0,
            end=6,
            by=home.team,
        )
    assert not Passage.objects.exists()


def test_a_second_reader_tags_apart_by_selected_words(home):
    finding, theme = build.finding(home), build.theme(home, "Supervision")
    second_reading.begin(case=home.cases[0], first=home.reviewer, second=home.colleague, by=home.reviewer)
    client = Client()
    client.force_login(home.colleague)
    response = select(home, client, finding, theme.slug)
    assert response.status_code == 200
    assert "Supervision" in response.content.decode()
    assert SecondTag.objects.get().theme == theme
    assert not Passage.objects.exists()


def test_nothing_selected_is_said_above_the_text(home, client):
    finding = build.finding(home)
    response = client.post(text_page(home, finding), {}, headers={"hx-request": "true"})
    assert response.status_code == 409
    assert "Select some words, then choose a theme." in response.content.decode()
