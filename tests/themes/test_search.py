"""Searching findings, notes, summaries, memos and themes: the same on both databases."""

import pytest
from django.core.paginator import Page
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.themes import build
from themes.actions import codebook, findings, indexing, matrix, notes, passages, reshaping
from themes.actions.entries import Entry
from themes.coding.words import holds, terms
from themes.models import Cell, Finding, SearchKind, SearchText
from themes.searching import hits_of, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.House:
    return build.house()


def found(home, query: str, kind: str = "") -> list[str]:
    page: Page[SearchText] = search(home.review, query, kind).get_page(1)
    return [hit.what for hit in hits_of(page, query)]


def get(person, **query: str):
    client = Client()
    client.force_login(person)
    return client.get(reverse("search_texts", args=["babies"]), query)


@pytest.fixture
def everything(home):
    """The word “harbour” in one text of each kind."""
    build.interview(home)
    finding = build.finding(home, "A safe harbour was found.")
    build.note(home, build.question(home), "Harbours help.")
    theme = build.theme(home, "Harbour", definition="Where a family is safe.")
    matrix.summarise(case=home.cases[1], theme=theme, summary="No harbour yet.", by=home.reviewer)
    passage = passages.tag(source=finding, themes=[theme], start=0, end=6, by=home.reviewer)
    return passages.write_memo(passage=passage, memo="harbour?", seen="", by=home.reviewer)


def test_every_kind_of_text_is_found_by_the_beginning_of_a_word(home, everything):
    told = {"Agency check", "What worked well?", "Theme: Harbour", "Summary: Harbour", "Memo on a passage"}
    assert set(found(home, "HARB")) == told
    assert found(home, "harb", SearchKind.NOTE) == ["What worked well?"]
    assert found(home, "harbour safe") == ["Agency check", "Theme: Harbour"]
    assert found(home, "arbour") == []
    assert found(home, "…") == []


def test_what_is_changed_deleted_or_taken_off_is_found_as_it_is_now(home, everything):
    finding = Finding.objects.get()
    passages.write_memo(passage=everything, memo="", seen=everything.memo, by=home.reviewer)
    passages.untag(passage=everything, theme=everything.tags.get().theme, by=home.reviewer)
    assert found(home, "harbour", SearchKind.MEMO) == []
    findings.delete(finding=finding, revision=1, by=home.reviewer)
    assert found(home, "harbour", SearchKind.FINDING) == []
    matrix.summarise(
        case=home.cases[1], theme=Cell.objects.get().theme, summary="", revision=1, by=home.reviewer
    )
    assert found(home, "harbour", SearchKind.CELL) == []
    note = home.cases[0].interview.notes.get()
    notes.write(case=home.cases[0], question=note.question, text="Ports.", revision=1, by=home.reviewer)
    assert found(home, "port") == ["What worked well?"]


def test_the_index_is_what_it_would_be_if_made_anew(home, everything):
    theme = build.theme(home, "Port")
    matrix.summarise(case=home.cases[1], theme=theme, summary="One port.", by=home.reviewer)
    step = reshaping.merge(theme=theme, into=everything.tags.get().theme, by=home.reviewer)
    findings.change(
        finding=everything.finding,
        record_kind="case note",
        record_date=None,
        expectation="expected",
        quality="strength",
        text="Another text altogether.",
        revision=1,
        by=home.reviewer,
    )
    reshaping.undo(step=step, by=home.reviewer)
    codebook.change(theme=step.theme, entry=Entry(name="Quay"), revision=3, by=home.reviewer)
    rows = sorted(SearchText.objects.values_list("kind", "source", "case", "words"))
    indexing.index_again(home.review)
    assert sorted(SearchText.objects.values_list("kind", "source", "case", "words")) == rows
    assert len(rows) == 7


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    text=st.text(alphabet="abé 1-._/’@ßд\u0661\U0001f600e", min_size=1, max_size=40),
    query=st.text(alphabet="abé 1ßдe\u0661", min_size=1, max_size=4),
)
def test_the_database_finds_what_the_rule_says(home, text, query):
    theme = home.review.themes.first() or build.theme(home, "Any")
    codebook.change(
        theme=theme,
        entry=Entry(name="Any", memo=text),
        revision=type(theme).objects.get().revision,
        by=home.reviewer,
    )
    wanted = terms(query)
    if wanted:
        assert bool(search(home.review, query).count) == holds(f"Any\n{text}", wanted)


def test_cases_that_are_not_selected_and_other_reviews_are_not_searched(home, everything):
    SearchText.objects.filter(kind=SearchKind.FINDING).update(case=home.unselected)
    assert found(home, "harbour", SearchKind.FINDING) == []
    other = build.house("others")
    assert found(other, "harbour") == []


def test_the_page_shows_the_words_in_place_and_keeps_its_number_of_queries(home, everything):
    page = get(home.team, q="harbour").content.decode()
    assert '<mark class="house-found">harbour</mark>' in page
    assert "5 texts" in page
    with CaptureQueriesContext(connection) as few:
        get(home.reviewer, q="harbour")
    for number in range(30):
        build.finding(home, f"Harbour {number}.")
    with CaptureQueriesContext(connection) as many:
        page = get(home.reviewer, q="harbour").content.decode()
    assert len(many) <= len(few)
    assert "page 1 of 2" in page


def test_nothing_found_and_nothing_asked(home):
    assert "Nothing found" in get(home.reviewer, q="zebra").content.decode()
    assert "the beginning of a word is enough" in get(home.reviewer, q="!").content.decode()
