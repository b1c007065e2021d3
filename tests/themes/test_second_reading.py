"""A second reading: tagged unseen, compared once both have finished, settled."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.errors import Refused, Stale
from cases.models import Membership
from cases.permissions import NotAllowed
from tests import build as reviews
from tests.themes import build
from themes.actions import codebook, exchange, findings, matrix, passages, reshaping, second_reading
from themes.models import Passage, SecondReading, SecondTag, Tag, Theme
from themes.second_readings import comparison_of

pytestmark = pytest.mark.django_db
TEXT = "Checks were sent. Six replies came. A history was built."
WORDS = {"checks": (0, 17), "replies": (18, 35), "history": (36, 56)}


@pytest.fixture
def home() -> build.House:
    return build.house()


@pytest.fixture
def themes(home) -> tuple[Theme, Theme]:
    return build.theme(home, "Agency checks"), build.theme(home, "Supervision")


@pytest.fixture
def text(home):
    return build.finding(home, TEXT)


@pytest.fixture
def reading(home, text, themes) -> SecondReading:
    """The first reader tagged "Checks were sent." as agency checks."""
    passages.tag(source=text, start=0, end=17, themes=[themes[0]], by=home.reviewer)
    return second_reading.begin(
        case=home.cases[0], first=home.reviewer, second=home.colleague, by=home.reviewer
    )


def second_tag(home, text, place: str, theme: Theme) -> None:
    start, end = WORDS[place]
    second_reading.tag(source=text, start=start, end=end, themes=[theme], by=home.colleague)


def both_finish(home, reading: SecondReading) -> SecondReading:
    second_reading.finish(reading=reading, by=home.reviewer)
    return second_reading.finish(reading=reading, by=home.colleague)


def signed_in(person, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(person)
    return client


def at(home, name: str, *more: object) -> str:
    return reverse(name, args=["babies", home.cases[0].public_id, *more])


class TestUnseen:
    def test_neither_reader_sees_the_tags_of_the_other(self, home, text, themes, reading):
        second_tag(home, text, "replies", themes[1])
        first, second = signed_in(home.reviewer), signed_in(home.colleague)
        theirs, ours = (client.get(at(home, "case")).content.decode() for client in (first, second))
        assert "Remove Agency checks" in theirs
        assert "Remove Supervision" not in theirs
        assert "Remove Supervision" in ours
        assert "Remove Agency checks" not in ours
        assert "You are reading this case a second time" in ours

    def test_no_other_page_tells_the_second_reader_of_the_first_tags(self, home, text, themes, reading):
        passage = Passage.objects.get()
        case = home.cases[0]
        passages.write_memo(passage=passage, memo="zebra", seen="", by=home.reviewer)
        matrix.summarise(case=case, theme=themes[0], summary="zebra", by=home.reviewer)
        second = signed_in(home.colleague)
        theme_page = second.get(reverse("theme", args=["babies", "agency-checks"])).content.decode()
        assert "Checks were sent" not in theme_page
        for name, query in (("matrix", {}), ("matrix_strength", {}), ("search_texts", {"q": "zebra"})):
            page = second.get(reverse(name, args=["babies"]), query).content.decode()
            assert "zebra" not in page.replace('value="zebra"', "")
            assert "Case A" not in page
        for cell in ("matrix_cell", "cell_history"):
            url = reverse(cell, args=["babies", case.public_id, "agency-checks"])
            assert second.get(url).status_code == 404
            assert signed_in(home.reviewer).get(url).status_code == 200
        rows = second.get(reverse("exchange_export", args=["babies", "csv"])).content.decode()
        assert "Checks were sent" not in rows
        sentences = second.get(at(home, "passage_tag", text.public_id)).content.decode()
        assert "Tagged already" not in sentences

    def test_no_figure_tells_the_second_reader_how_much_the_first_tagged(self, home, text, themes, reading):
        passages.tag(source=text, start=18, end=35, themes=[themes[1]], by=home.reviewer)
        for person, shown, left in ((home.reviewer, 2, False), (home.colleague, 0, True)):
            client = signed_in(person)
            row = client.get(reverse("cases", args=["babies"])).context["rows"][0]
            of_case = client.get(at(home, "case")).context["progress"]
            assert (row.passages, of_case.passages) == (shown, shown)
            assert ("1 text without a tag" in of_case.missing) == left
        codebook_page = signed_in(home.colleague).get(reverse("codebook", args=["babies"]))
        rows = [row for strand in codebook_page.context["strands"] for row in strand["rows"]]
        assert [row.total.passages for row in rows] == [0, 0]
        second_tag(home, text, "history", themes[0])
        assert signed_in(home.colleague).get(at(home, "case")).context["progress"].passages == 1

    def test_the_second_reader_tags_in_the_same_page_and_takes_tags_off(self, home, text, themes, reading):
        client = signed_in(home.colleague, **{"HX-Request": "true"})
        start, end = WORDS["replies"]
        selected = {"start": start, "end": end, "words": TEXT[start:end], "theme": "supervision"}
        page = client.post(at(home, "passage_tag", text.public_id), selected).content.decode()
        assert "Remove Supervision" in page
        assert Tag.objects.count() == 1
        tag = SecondTag.objects.get()
        assert (tag.start, tag.end) == (start, end)
        client.post(at(home, "second_untag", tag.pk))
        assert not SecondTag.objects.exists()

    def test_the_second_reader_tags_by_sentence_and_as_a_whole_without_scripts(
        self, home, text, themes, reading
    ):
        client = signed_in(home.colleague)
        url = at(home, "passage_tag", text.public_id)
        client.post(url, {"sentences": ["1"], "themes": ["supervision"], "revision": 1})
        client.post(url, {"themes": ["supervision"], "revision": 1})
        assert sorted(SecondTag.objects.values_list("start", "end"), key=str) == [(18, 35), (None, None)]
        again = client.post(url, {"themes": ["supervision"], "revision": 1})
        assert again.status_code == 302
        assert SecondTag.objects.count() == 2

    def test_the_second_reader_leaves_the_first_tags_alone(self, home, themes, reading):
        with pytest.raises(Refused, match="second time"):
            passages.untag(passage=Passage.objects.get(), theme=themes[0], by=home.colleague)

    def test_another_reviewer_takes_no_second_tag_off(self, home, text, themes, reading):
        second_tag(home, text, "replies", themes[1])
        with pytest.raises(Refused, match="not the second reader"):
            second_reading.untag(second_tag=SecondTag.objects.get(), by=home.reviewer)


class TestWhileUnderWay:
    def test_the_texts_of_the_case_stay_as_they_are(self, home, text, reading):
        with pytest.raises(Refused, match="stay as they are"):
            findings.delete(finding=text, revision=1, by=home.reviewer)
        with pytest.raises(Refused, match="stay as they are"):
            build.finding(home, "Another.")
        build.finding(home, "Of another case.", case=1)

    def test_themes_are_not_reshaped_and_no_tags_brought_in(self, home, themes, reading):
        with pytest.raises(Refused, match="second time"):
            reshaping.merge(theme=themes[0], into=themes[1], by=home.reviewer)
        with pytest.raises(Refused, match="second time"):
            exchange.take_codings(review=home.review, project=None, strand="", by=home.reviewer)  # type: ignore[arg-type]

    def test_what_the_first_has_finished_stands_until_both_are_compared(self, home, text, themes, reading):
        second_reading.finish(reading=reading, by=home.reviewer)
        with pytest.raises(Refused, match="is finished"):
            passages.tag(source=text, themes=[themes[1]], by=home.reviewer)
        second_reading.go_on(reading=reading, by=home.reviewer)
        passages.tag(source=text, themes=[themes[1]], by=home.reviewer)

    def test_a_reader_who_has_finished_goes_on_only_after_saying_so(self, home, text, themes, reading):
        second_reading.finish(reading=reading, by=home.colleague)
        with pytest.raises(Refused, match="finished"):
            second_tag(home, text, "replies", themes[1])
        with pytest.raises(Refused, match="nothing for you"):
            second_reading.finish(reading=reading, by=home.colleague)
        second_reading.go_on(reading=reading, by=home.colleague)
        second_tag(home, text, "replies", themes[1])


class TestWhoReads:
    def test_the_readers_are_two_reviewers_and_the_second_has_not_tagged_the_case(self, home, text, themes):
        passages.tag(source=text, themes=[themes[0]], by=home.reviewer)
        case = home.cases[0]
        for first, second, why in (
            (home.reviewer, home.reviewer, "different people"),
            (home.reviewer, home.team, "is a reviewer"),
            (home.colleague, home.reviewer, "knows the first reading|know the first"),
        ):
            with pytest.raises(Refused, match=why):
                second_reading.begin(case=case, first=first, second=second, by=home.reviewer)

    def test_a_case_has_one_second_reading_until_it_is_called_off(self, home, reading):
        begin = {"case": home.cases[0], "first": home.reviewer, "second": home.colleague, "by": home.reviewer}
        with pytest.raises(Refused, match="already"):
            second_reading.begin(**begin)
        second_reading.cancel(reading=reading, by=home.colleague)
        second_reading.begin(**begin)

    def test_a_reviewer_who_leaves_is_replaced_and_nothing_is_stranded(self, home, text, themes, reading):
        second_tag(home, text, "replies", themes[1])
        Membership.objects.filter(user=home.colleague).update(ended_at=reading.opened_at)
        third = reviews.reviewer(home.review, "third", by=home.team)
        second_reading.replace(reading=reading, which="second", reader=third, by=home.reviewer)
        assert "Remove Supervision" in signed_in(third).get(at(home, "case")).content.decode()
        second_reading.tag(source=text, themes=[themes[1]], by=third)
        second_reading.finish(reading=reading, by=home.reviewer)
        done = second_reading.finish(reading=reading, by=third)
        assert len(done.second_marks) == 2

    def test_only_reviewers_open_and_settle(self, home, reading):
        with pytest.raises(NotAllowed):
            second_reading.cancel(reading=reading, by=home.team)


class TestComparison:
    def test_what_both_gave_is_no_disagreement_and_the_rest_is_settled_one_by_one(
        self, home, text, themes, reading
    ):
        checks, supervision = themes
        passages.tag(source=text, start=36, end=56, themes=[supervision], by=home.reviewer)
        second_tag(home, text, "checks", checks)
        second_tag(home, text, "replies", supervision)
        done = both_finish(home, reading)
        items = comparison_of(done).disagreements
        assert [(each.reader, each.theme.name, each.words) for each in items] == [
            ("first", "Supervision", "A history was built."),
            ("second", "Supervision", "Six replies came."),
        ]
        second_reading.settle(reading=done, place=0, keep=False, by=home.reviewer)
        second_reading.settle(reading=done, place=1, keep=True, by=home.colleague)
        marks = set(Tag.objects.values_list("theme__name", "passage__start", "passage__end"))
        assert marks == {("Agency checks", 0, 17), ("Supervision", 18, 35)}
        assert comparison_of(done).left == 0
        with pytest.raises(Refused, match="already"):
            second_reading.settle(reading=done, place=0, keep=True, by=home.reviewer)
        with pytest.raises(Refused, match="no such"):
            second_reading.settle(reading=done, place=2, keep=True, by=home.reviewer)

    def test_the_figures_are_of_what_both_had_when_they_finished(self, home, text, themes, reading):
        second_tag(home, text, "replies", themes[0])
        done = both_finish(home, reading)
        before = comparison_of(done).overall
        assert (before.only_first, before.only_second, before.neither) == (1, 1, 1)
        assert before.kappa == pytest.approx(-0.5)
        second_reading.settle(reading=done, place=0, keep=False, by=home.reviewer)
        assert comparison_of(done).overall == before

    def test_a_disagreement_on_words_that_have_changed_is_left_to_a_person(self, home, text, themes, reading):
        second_tag(home, text, "replies", themes[1])
        done = both_finish(home, reading)
        findings.change(
            finding=text,
            record_kind="case note",
            record_date=None,
            expectation="expected",
            quality="strength",
            text=TEXT.replace("Six", "Seven"),
            revision=1,
            by=home.reviewer,
        )
        with pytest.raises(Stale):
            second_reading.settle(reading=done, place=1, keep=True, by=home.reviewer)
        page = signed_in(home.reviewer).get(at(home, "second_reading")).content.decode()
        assert "The text has changed since" in page

    def test_a_theme_retired_since_is_not_kept(self, home, text, themes, reading):
        second_tag(home, text, "replies", themes[1])
        done = both_finish(home, reading)
        codebook.retire(theme=themes[1], by=home.reviewer)
        with pytest.raises(Refused, match="retired"):
            second_reading.settle(reading=done, place=1, keep=True, by=home.reviewer)

    def test_nothing_is_settled_before_both_have_finished(self, home, reading):
        with pytest.raises(Refused, match="yet"):
            second_reading.settle(reading=reading, place=0, keep=True, by=home.reviewer)


class TestPages:
    def test_from_beginning_to_settling(self, home, text, themes):
        first, second = signed_in(home.reviewer), signed_in(home.colleague)
        passages.tag(source=text, themes=[themes[0]], by=home.reviewer)
        listed = reverse("second_readings", args=["babies"])
        refused = first.post(listed, {"case": home.cases[0].pk, "first": home.reviewer.pk, "second": ""})
        assert "govuk-error-summary" in refused.content.decode()
        choice = {"case": home.cases[0].pk, "first": home.reviewer.pk, "second": home.colleague.pk}
        first.post(listed, choice)
        step = at(home, "second_reading_step")
        for client in (first, second):
            assert "I have finished" in client.get(at(home, "second_reading")).content.decode()
            client.post(step, {"step": "finish"})
        page = first.get(at(home, "second_reading")).content.decode()
        assert "1 of 1 disagreements is still to be settled" in page
        assert "Few sentences carry a tag" in page
        first.post(at(home, "second_reading_settle", 0), {"keep": "yes"})
        assert "Every disagreement is settled" in first.get(at(home, "second_reading")).content.decode()
        assert "Case A" in signed_in(home.team).get(listed).content.decode()

    def test_going_on_replacing_and_calling_off(self, home, reading):
        client, step = signed_in(home.reviewer), at(home, "second_reading_step")
        client.post(step, {"step": "finish"})
        client.post(step, {"step": "go on"})
        third = reviews.reviewer(home.review, "third", by=home.team)
        client.post(step, {"step": "replace", "which": "second", "reader": third.pk})
        reading.refresh_from_db()
        assert (reading.second_reader, reading.first_done_at) == (third, None)
        answer = client.post(step, {"step": "replace", "which": "second"}, follow=True)
        assert "Choose whose place is taken" in answer.content.decode()
        assert client.post(step, {"step": "dance"}).status_code == 404
        client.post(step, {"step": "cancel"})
        assert client.get(at(home, "second_reading")).status_code == 404
