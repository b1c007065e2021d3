"""Merging and splitting themes: no tag is lost, and each can be undone."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.errors import Refused
from cases.permissions import NotAllowed
from tests.themes import build
from themes.actions import codebook, matrix, passages, reshaping
from themes.actions.entries import Entry
from themes.models import Cell, CodebookStep, Passage, Strand, Tag, Theme

pytestmark = pytest.mark.django_db
TEXT = "Checks were sent. Six replies came. A history was built."


@pytest.fixture
def home() -> build.House:
    return build.house()


@pytest.fixture
def checks(home):
    return build.theme(home, "Agency checks")


@pytest.fixture
def replies(home):
    return build.theme(home, "Replies")


@pytest.fixture
def text(home):
    return build.finding(home, TEXT)


def tag(home, text, start: int, end: int, *themes: Theme) -> Passage:
    return passages.tag(source=text, start=start, end=end, themes=themes, by=home.reviewer)


def tags_of(theme: Theme) -> set[tuple[int | None, int | None]]:
    return set(Tag.objects.filter(theme=theme).values_list("passage__start", "passage__end"))


def test_a_merge_moves_every_tag_and_retires_the_theme(home, checks, replies, text):
    tag(home, text, 0, 17, checks)
    tag(home, text, 18, 35, checks, replies)
    step = reshaping.merge(theme=replies, into=checks, by=home.reviewer)
    replies.refresh_from_db()
    assert tags_of(checks) == {(0, 17), (18, 35)}
    assert tags_of(replies) == set()
    assert replies.retired_at is not None
    assert replies.merged_into == checks
    assert step.moved == []
    assert len(step.dropped) == 1


def test_undoing_a_merge_brings_back_every_tag_as_it_was(home, checks, replies, text):
    tag(home, text, 0, 17, checks)
    tag(home, text, 18, 35, checks, replies)
    tag(home, text, 36, 56, replies)
    before = sorted(Tag.objects.values_list("passage_id", "theme_id", "tagged_by_id", "tagged_at"))
    step = reshaping.merge(theme=replies, into=checks, by=home.colleague)
    reshaping.undo(step=step, by=home.reviewer)
    after = sorted(Tag.objects.values_list("passage_id", "theme_id", "tagged_by_id", "tagged_at"))
    assert after == before
    replies.refresh_from_db()
    assert replies.retired_at is None
    assert replies.merged_into is None
    with pytest.raises(Refused, match="undone already"):
        reshaping.undo(step=step, by=home.reviewer)


def test_a_tag_taken_off_since_a_merge_stays_off(home, checks, replies, text):
    passage = tag(home, text, 36, 56, replies)
    step = reshaping.merge(theme=replies, into=checks, by=home.reviewer)
    passages.untag(passage=passage, theme=checks, by=home.reviewer)
    reshaping.undo(step=step, by=home.reviewer)
    assert not Tag.objects.exists()


def test_a_merge_adds_summaries_and_undoing_it_parts_them(home, checks, replies):
    case = home.cases[0]
    matrix.summarise(case=case, theme=checks, summary="Sent early.", by=home.reviewer)
    matrix.summarise(case=case, theme=replies, summary="Six came.", by=home.reviewer)
    step = reshaping.merge(theme=replies, into=checks, by=home.reviewer)
    cell = Cell.objects.get(theme=checks)
    assert cell.summary == "Sent early.\n\nSix came."
    reshaping.undo(step=step, by=home.reviewer)
    cell.refresh_from_db()
    assert cell.summary == "Sent early."
    assert Cell.objects.get(theme=replies).summary == "Six came."


def test_a_summary_written_on_since_a_merge_is_left_as_it_is(home, checks, replies):
    case = home.cases[0]
    matrix.summarise(case=case, theme=replies, summary="Six came.", by=home.reviewer)
    step = reshaping.merge(theme=replies, into=checks, by=home.reviewer)
    matrix.summarise(case=case, theme=checks, summary="Six came, late.", revision=1, by=home.reviewer)
    reshaping.undo(step=step, by=home.reviewer)
    assert Cell.objects.get(theme=checks).summary == "Six came, late."


@pytest.mark.parametrize(
    ("into", "why"),
    [("itself", "another theme"), ("other strand", "own strand"), ("retired", "retired")],
)
def test_what_a_theme_cannot_be_merged_into(home, checks, into, why):
    others = {
        "itself": lambda: checks,
        "other strand": lambda: build.theme(home, "Early help", strand=Strand.FEEDBACK),
        "retired": lambda: codebook.retire(theme=build.theme(home, "Old"), by=home.reviewer),
    }
    with pytest.raises(Refused, match=why):
        reshaping.merge(theme=checks, into=others[into](), by=home.reviewer)


def test_a_theme_with_sub_themes_is_not_merged(home, checks, replies):
    build.theme(home, "Building a history", parent=checks)
    with pytest.raises(Refused, match="sub-themes"):
        reshaping.merge(theme=checks, into=replies, by=home.reviewer)


def test_a_merged_theme_is_not_restored_but_its_merge_undone(home, checks, replies):
    reshaping.merge(theme=replies, into=checks, by=home.reviewer)
    with pytest.raises(Refused, match="Undo the merge"):
        codebook.restore(theme=replies, by=home.reviewer)


def test_a_split_sends_each_passage_where_it_was_told(home, checks, text):
    stays = tag(home, text, 0, 17, checks)
    moves = tag(home, text, 18, 35, checks)
    both = tag(home, text, 36, 56, checks)
    step = reshaping.split(
        theme=checks,
        entry=Entry(name="Replies"),
        goes={stays.pk: "stays", moves.pk: "moves", both.pk: "both"},
        by=home.reviewer,
    )
    assert tags_of(checks) == {(0, 17), (36, 56)}
    assert tags_of(step.other) == {(18, 35), (36, 56)}


def test_undoing_a_split_returns_its_passages_and_what_was_tagged_since(home, checks, text):
    moves, both = tag(home, text, 18, 35, checks), tag(home, text, 36, 56, checks)
    step = reshaping.split(
        theme=checks,
        entry=Entry(name="Replies"),
        goes={moves.pk: "moves", both.pk: "both"},
        by=home.reviewer,
    )
    tag(home, text, 0, 17, step.other)
    reshaping.undo(step=step, by=home.reviewer)
    assert tags_of(checks) == {(0, 17), (18, 35), (36, 56)}
    assert tags_of(step.other) == set()
    step.other.refresh_from_db()
    assert step.other.retired_at is not None


def test_a_split_needs_a_passage_and_one_that_still_carries_the_theme(home, checks, replies, text):
    passage = tag(home, text, 0, 17, checks)
    with pytest.raises(Refused, match="at least one"):
        reshaping.split(theme=checks, entry=Entry(name="New"), goes={passage.pk: "stays"}, by=home.reviewer)
    with pytest.raises(Refused, match="any more"):
        reshaping.split(theme=replies, entry=Entry(name="New"), goes={passage.pk: "moves"}, by=home.reviewer)
    assert not CodebookStep.objects.exists()


def test_only_reviewers_reshape_the_codebook(home, checks, replies):
    with pytest.raises(NotAllowed):
        reshaping.merge(theme=checks, into=replies, by=home.team)


def test_merging_splitting_and_undoing_in_pages(home, checks, replies, text):
    passage = tag(home, text, 18, 35, replies)
    client = Client()
    client.force_login(home.reviewer)
    answer = client.post(reverse("theme_merge", args=["babies", "replies"]), {"into": ""})
    assert "Choose a theme" in answer.content.decode()
    client.post(reverse("theme_merge", args=["babies", "replies"]), {"into": checks.pk})
    assert (
        "“Replies” merged into “Agency checks”"
        in client.get(reverse("codebook", args=["babies"])).content.decode()
    )
    client.post(
        reverse("theme_split", args=["babies", "agency-checks"]),
        {"name": "How soon", "definition": "", f"passage_{passage.pk}": "moves"},
    )
    assert tags_of(Theme.objects.get(slug="how-soon")) == {(18, 35)}
    for step in CodebookStep.objects.order_by("-pk"):
        client.post(reverse("codebook_undo", args=["babies", step.pk]))
    assert tags_of(replies) == {(18, 35)}


def test_a_memo_is_kept_on_a_passage_and_a_colleagues_is_not_overwritten(home, checks, text):
    passage = tag(home, text, 0, 17, checks)
    passages.write_memo(passage=passage, memo=" Who sent them? ", seen="", by=home.reviewer)
    passage.refresh_from_db()
    assert passage.memo == "Who sent them?"
    with pytest.raises(Refused, match="changed this memo"):
        passages.write_memo(passage=passage, memo="Mine", seen="", by=home.colleague)
    with pytest.raises(Refused, match="at most"):
        passages.write_memo(passage=passage, memo="x" * 4_001, seen=passage.memo, by=home.reviewer)


def test_the_answer_to_a_tag_and_to_an_untag_offers_to_undo_it(home, checks, text):
    client = Client(headers={"HX-Request": "true"})
    client.force_login(home.reviewer)
    at = ["babies", home.cases[0].public_id]
    tagging = reverse("passage_tag", args=[*at, text.public_id])
    words = {"start": 0, "end": 17, "words": TEXT[:17], "theme": "agency-checks"}
    assert "Tagged with Agency checks" in client.post(tagging, words).content.decode()
    untag = reverse("passage_untag", args=[*at, Passage.objects.get().pk])
    answer = client.post(untag, {"theme": "agency-checks"}).content.decode()
    assert "No longer tagged with Agency checks" in answer
    assert 'name="end" value="17"' in answer
    whole = client.post(tagging, {"words": TEXT, "theme": "agency-checks"})
    assert whole.status_code == 200
    assert Passage.objects.get().start is None
