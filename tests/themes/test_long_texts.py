"""A text of 200 KB with 2,000 passages: drawn at once, and after a tag only where it changed."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.long_text import material
from tests.themes import build
from themes.actions import passages, second_reading
from themes.coding.parts import parts
from themes.coding.passages import Passage as Span
from themes.long_texts import Pen
from themes.models import Passage, SecondTag, Tag

TEXT = "She said <b>“yes”</b> & smiled 🙂.\nThe baby 👶🏽 slept, the next day too.\nNobody rang."


def plain(html: str) -> str:
    """The words of what is drawn, without the links that number passages."""
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<a [^>]*></a>", "", html)))


@given(
    st.lists(
        st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 30)).map(
            lambda at: (at[0], min(at[0] + at[1], len(TEXT)))
        ),
        unique=True,
        max_size=12,
    ),
    st.integers(3, 30),
)
def test_what_is_drawn_is_the_text_with_every_passage_marked_and_linked_once(spans, size):
    rows = [(pk, start, end, 1) for pk, (start, end) in enumerate(sorted(spans), start=1)]
    cut = parts(TEXT, size)
    drawn = Pen({1: "A & B"}, "/p/", looks={2}).parts(TEXT, cut, rows)
    assert [plain(html) for html in drawn] == [part.of(TEXT) for part in cut]
    assert re.findall(r'id="mark-(\d+)"', "".join(drawn)) == [str(row[0]) for row in rows]
    covered = {at for _, start, end, _ in rows for at in range(start, end)}
    marks = re.findall(r"<mark[^>]*>(.*?)</mark>", "".join(drawn), re.DOTALL)
    marked = "".join(map(plain, marks))
    assert marked == "".join(TEXT[at] for at in sorted(covered))


@given(st.data())
def test_some_parts_are_drawn_as_in_the_whole(data):
    spans = data.draw(st.lists(st.sampled_from([(0, 60), (4, 9), (30, 50), (45, 70)]), unique=True))
    rows = [(pk, start, end, 1) for pk, (start, end) in enumerate(sorted(spans), start=1)]
    cut = parts(TEXT, 16)
    first = data.draw(st.integers(0, len(cut) - 1))
    last = data.draw(st.integers(first + 1, len(cut)))
    within = Span(cut[first].start, cut[last - 1].end)
    touching = [row for row in rows if row[1] < within.end and row[2] > within.start]
    pen = Pen({1: "Theme"}, "/p/", looks=())
    assert pen.parts(TEXT, cut[first:last], touching) == pen.parts(TEXT, cut, rows)[first:last]


@pytest.fixture
def home() -> build.House:
    return build.house()


@pytest.fixture
def client(home) -> Client:
    client = Client()
    client.force_login(home.reviewer)
    return client


def long_finding(home, passages_wanted: int):
    made = material(passages_wanted)
    themes = [build.theme(home, f"Theme {number}") for number in range(1, 4)]
    finding = build.finding(home, made.text)
    marked = Passage.objects.bulk_create(
        Passage(case=home.cases[0], finding=finding, start=each.start, end=each.end, marked_by=home.reviewer)
        for each in made.passages
    )
    Tag.objects.bulk_create(
        Tag(passage=passage, theme=themes[place % 3], tagged_by=home.reviewer)
        for place, passage in enumerate(marked)
    )
    return finding, themes


def at(home, name: str, *more: object) -> str:
    return reverse(name, args=[home.review.slug, home.cases[0].public_id, *more])


def send(client, home, finding, start: int, end: int, theme):
    return client.post(
        at(home, "passage_tag", finding.public_id),
        {"start": start, "end": end, "words": finding.text[start:end], "theme": theme.slug},
        headers={"HX-Request": "true", "HX-Target": f"said-{finding.public_id}"},
    )


@pytest.mark.django_db
def test_2000_passages_are_shown_with_no_more_queries_than_a_few(home, client, django_assert_max_num_queries):
    finding, _ = long_finding(home, 10)
    pages = [at(home, "text_read", finding.public_id), at(home, "case")]
    few = []
    for page in pages:
        with django_assert_max_num_queries(100) as counted:
            client.get(page)
        few.append(len(counted))
    Passage.objects.all().delete()
    finding.delete()
    Tag.objects.all().delete()
    home.review.themes.all().delete()
    finding, _ = long_finding(home, 2_000)
    for page, queries in zip([at(home, "text_read", finding.public_id), pages[1]], few, strict=True):
        with django_assert_max_num_queries(queries):
            shown = client.get(page).content.decode()
    assert "2,000 passages in 200," in shown
    shown = client.get(at(home, "text_read", finding.public_id)).content.decode()
    assert shown.count(" data-passage ") == 2_000
    text = re.search(r'<div class="govuk-body house-note" data-text [^>]*>(.*?)</div>', shown, re.DOTALL)
    assert text
    assert plain(text[1]) == finding.text


@pytest.mark.django_db
def test_a_tag_brings_back_only_the_part_it_touches(home, client):
    finding, themes = long_finding(home, 5)
    cut = parts(finding.text)
    start = cut[7].start + 40
    answer = send(client, home, finding, start, start + 30, themes[0])
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r'id="part-\w+-(\d+)" data-start="(\d+)" hx-swap-oob', shown) == [
        ("7", str(cut[7].start))
    ]
    assert f"Tagged with {themes[0].name}" in shown
    over_the_edge = send(client, home, finding, cut[8].end - 10, cut[8].end + 10, themes[1])
    assert re.findall(r'id="part-\w+-(\d+)"', over_the_edge.content.decode()) == ["8", "9"]
    late = client.post(
        at(home, "passage_tag", finding.public_id),
        {"start": 3, "end": 6, "words": "not there", "theme": themes[0].slug},
        headers={"HX-Request": "true", "HX-Target": f"said-{finding.public_id}"},
    )
    assert late.status_code == 409
    assert "The text has changed" in late.content.decode()
    assert "Reload this page to see the text as it is now." in late.content.decode()


@pytest.mark.django_db
def test_a_chosen_passage_is_shown_and_changed_beside_a_long_text(home, client):
    finding, _ = long_finding(home, 3)
    passage = Passage.objects.earliest("pk")
    url = at(home, "passage", passage.pk)
    page = client.get(url).content.decode()
    assert "A passage and its themes" in page
    assert f"{at(home, 'text_read', finding.public_id)}#mark-{passage.pk}" in page
    bare = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert bare.count("<html") == 0
    assert 'id="passage-here"' in bare
    theme = passage.tags.get().theme
    answer = client.post(
        at(home, "passage_untag", passage.pk),
        {"theme": theme.slug},
        headers={"HX-Request": "true", "HX-Target": f"said-{finding.public_id}"},
    ).content.decode()
    assert f"No longer tagged with {theme.name}" in answer
    assert f"mark-{passage.pk}" not in answer
    assert "Choose the number of a passage" in answer
    assert client.get(url).status_code == 404


@pytest.mark.django_db
def test_a_long_text_shows_the_passages_of_one_theme(home, client):
    finding, themes = long_finding(home, 60)
    shown = client.get(at(home, "text_read", finding.public_id) + f"?theme={themes[1].slug}").content.decode()
    assert shown.count(" data-passage ") == Tag.objects.filter(theme=themes[1]).count() < 60
    assert f"of {themes[1].name}" in shown


@pytest.mark.django_db
def test_a_long_text_is_tagged_by_sentence_a_part_at_a_time(home, client):
    finding, themes = long_finding(home, 0)
    page = at(home, "passage_tag", finding.public_id) + "?page=5"
    response = client.get(page)
    offered = response.context["form"].fields["sentences"].choices
    assert 0 < len(offered) < 60
    place, words = offered[2]
    client.post(page, {"sentences": [place], "themes": [themes[0].slug], "revision": 1})
    assert Passage.objects.get().words == words


@pytest.mark.django_db
def test_a_second_reader_sees_a_long_text_with_their_own_tags_alone(home):
    finding, themes = long_finding(home, 4)
    second_reading.begin(case=home.cases[0], first=home.reviewer, second=home.colleague, by=home.reviewer)
    client = Client()
    client.force_login(home.colleague)
    page = at(home, "text_read", finding.public_id)
    assert client.get(page).content.decode().count(" data-passage ") == 0
    answer = send(client, home, finding, 10, 40, themes[2]).content.decode()
    own = SecondTag.objects.get()
    assert f"mark-{own.pk}" in answer
    assert client.get(page).content.decode().count(" data-passage ") == 1
    assert "this passage" in client.get(at(home, "passage", own.pk)).content.decode()
    first = Passage.objects.exclude(pk=own.pk).latest("pk")
    assert client.get(at(home, "passage", first.pk)).status_code == 404


@pytest.mark.django_db
def test_themes_of_the_whole_of_a_long_text_stand_above_it(home, client):
    finding, themes = long_finding(home, 0)
    passages.tag(source=finding, themes=[themes[0]], by=home.reviewer)
    shown = client.get(at(home, "text_read", finding.public_id)).content.decode()
    assert 'aria-label="Themes of the whole text"' in shown
