"""Learning points: who writes them, what they may hold, and what they say of what they rest on."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.actions import reviews
from cases.errors import Refused, Stale
from cases.models import Stage
from cases.permissions import NotAllowed, NotFound
from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import codebook, learning, release, reshaping
from themes.actions.entries import Entry
from themes.learning_versions import row_of, versions_of
from themes.models import LearningPoint, Theme
from themes.report.checks import problems_of
from themes.report.document import draft_of, material_of
from themes.report.facts import gather
from themes.report.learning import NO_CASE, NO_THEME, ONE_CASE, learning_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.Reported:
    return build.reported()


def said(text: str = "Ask early and say why.", *themes: Theme, **fields: Any) -> learning.Point:
    return learning.Point(**{"text": text, "audiences": ["health"], "themes": themes, **fields})


def added(home: build.Reported, text: str = "Ask early.", *themes: Theme, **fields: Any) -> LearningPoint:
    return learning.add(review=home.review, point=said(text, *themes, **fields), by=home.reviewer)


def told(home: build.Reported):
    return learning_of(home.review, gather(home.review))


class TestWriting:
    def test_audiences_are_kept_in_the_order_of_the_list_each_once(self, home):
        point = added(home, audiences=["ics", "police", "ics"])
        assert LearningPoint.objects.get(pk=point.pk).audiences == ["police", "ics"]

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"text": " \n "}, "Enter the learning point"),
            ({"text": "x" * 401}, "at most 400"),
            ({"text": "Found in {{ cases_selected }}."}, "holds no live counts"),
            ({"audiences": []}, "at least one audience"),
            ({"audiences": ["press"]}, "from the list"),
            ({"owner": "Mrs Kestrel"}, "“Mrs Kestrel” looks like a person. Write a role"),
            ({"owner": "midwife@trust.example"}, "looks like a person"),
        ],
    )
    def test_what_it_may_not_hold(self, home, fields, says):
        with pytest.raises(Refused, match=says):
            added(home, **fields)
        assert not LearningPoint.objects.exists()

    def test_it_rests_on_themes_of_its_own_review(self, home):
        other = build.reported("others")
        with pytest.raises(Refused, match="its own review"):
            added(home, "Ask early.", other.checks)

    @pytest.mark.parametrize(
        ("who", "refusal"), [("lead", NotAllowed), ("board", NotAllowed), ("outsider", NotFound)]
    )
    def test_only_those_who_write_the_report_write_it(self, home, who, refusal):
        with pytest.raises(refusal):
            learning.add(review=home.review, point=said(), by=getattr(home, who))
        added(home)
        learning.add(review=home.review, point=said(), by=home.team)

    def test_nothing_is_written_once_the_review_is_closed(self, home):
        reviews.move_to_stage(review=home.review, stage=Stage.CLOSED, by=home.team)
        with pytest.raises(Refused, match="Closed"):
            added(home)

    def test_a_save_on_an_older_one_is_refused(self, home):
        point = added(home)
        learning.change(learning_point=point, point=said("Ask at once."), revision=1, by=home.team)
        with pytest.raises(Stale):
            learning.change(learning_point=point, point=said("Ask late."), revision=1, by=home.reviewer)
        point.refresh_from_db()
        assert (point.text, point.revision) == ("Ask at once.", 2)

    def test_moving_changes_places_and_stops_at_the_ends(self, home):
        first, second, third = (added(home, text) for text in ("One.", "Two.", "Three."))
        learning.withdraw(learning_point=second, because="Said twice.", revision=1, by=home.team)
        learning.move(learning_point=third, to="up", by=home.team)
        assert [point.text for point in told(home)] == ["Three.", "One."]
        with pytest.raises(Refused, match="cannot be moved further up"):
            learning.move(learning_point=third, to="up", by=home.team)
        with pytest.raises(Refused, match="cannot be moved further down"):
            learning.move(learning_point=first, to="down", by=home.team)

    def test_a_withdrawn_point_goes_with_its_reason_and_comes_back(self, home):
        point = added(home)
        with pytest.raises(Refused, match="why it is withdrawn"):
            learning.withdraw(learning_point=point, because=" ", revision=1, by=home.team)
        learning.withdraw(learning_point=point, because="Said twice.", revision=1, by=home.team)
        assert told(home) == ()
        with pytest.raises(Refused, match="has been withdrawn"):
            learning.change(learning_point=point, point=said(), revision=2, by=home.team)
        learning.restore(learning_point=point, by=home.team)
        assert [each.text for each in told(home)] == ["Ask early."]
        with pytest.raises(Refused, match="has not been withdrawn"):
            learning.restore(learning_point=point, by=home.team)

    def test_the_database_refuses_what_must_never_be(self, home):
        point = added(home)
        for fields in (
            {"order": point.order},
            {"order": 9, "text": ""},
            {"order": 9, "withdrawn_at": point.changed_at},
        ):
            row = {"review": home.review, "text": "x", "changed_by": home.team, **fields}
            with pytest.raises(IntegrityError), transaction.atomic():
                LearningPoint.objects.create(**row)

    def test_no_word_of_it_is_in_the_audit(self, home):
        added(home, "A heron of a sentence.", owner="Heron keeper")
        event = AuditEvent.objects.newest_first()[0]
        assert event.action == "learning point.added"
        assert "eron" not in f"{event.before}{event.after}"


class TestHistory:
    def test_each_version_holds_its_words_and_what_it_rested_on(self, home):
        point = added(home, "Ask early.", home.checks)
        due = {"owner": "Team managers", "due_on": date(2022, 6, 1)}
        new = said("Ask at once.", home.early, audiences=["ics"], **due)
        learning.change(learning_point=point, point=new, revision=1, by=home.team)
        newest, first = versions_of(point)
        assert (newest.revision, newest.by, first.text) == (2, home.team.name, "Ask early.")
        assert dict(newest.fields)["Rests on"] == "Early request for support"
        assert dict(newest.fields)["Owner and due date"] == "Team managers, 1 June 2022"
        assert dict(first.fields)["Rests on"] == "Agency checks"
        assert {piece.what for piece in newest.pieces} >= {"gone", "new"}

    def test_an_earlier_version_is_found_by_its_number(self, home):
        point = added(home, "Ask early.", home.checks, home.early)
        found = row_of(point, "1")
        assert found is not None
        row, themes = found
        assert (row.text, set(themes)) == ("Ask early.", {home.checks, home.early})
        assert row_of(point, "2") is None


class TestWhatItRestsOn:
    def test_each_theme_has_its_count_in_words_in_codebook_order(self, home):
        added(home, "Ask early.", home.early, home.checks)
        (point,) = told(home)
        assert [(basis.name, basis.words) for basis in point.rests_on] == [
            ("Agency checks", "2 of the 3 cases"),
            ("Early request for support", "2 of the 3 cases"),
        ]
        assert point.cautions == ()

    def test_a_point_on_no_theme_says_so(self, home):
        added(home)
        assert told(home)[0].cautions == (NO_THEME,)

    def test_a_point_on_a_circular_theme_says_so(self, home):
        added(home, "Ask early.", home.history, home.checks)
        (caution,) = told(home)[0].cautions
        assert caution == (
            "“Family history used” is circular: it restates “Family history of ICS involvement”, for which "
            "the cases were chosen."
        )

    def test_a_point_on_one_case_says_so_though_a_circular_theme_was_found_in_more(self, home):
        once = build_theme(home, "Told once")
        build.tag_words(home.finding, "canary", [once], home.reviewer, quotable=False)
        added(home, "Ask early.", once, home.history)
        assert ONE_CASE in told(home)[0].cautions

    def test_a_point_on_themes_that_nothing_carries_says_so(self, home):
        added(home, "Ask early.", build_theme(home, "Never seen"))
        assert told(home)[0].cautions == (NO_CASE,)

    def test_a_merged_theme_stands_for_what_it_was_merged_into(self, home):
        spare = build_theme(home, "Checks made")
        added(home, "Ask early.", spare, home.checks)
        reshaping.merge(theme=spare, into=home.checks, by=home.reviewer)
        assert [basis.name for basis in told(home)[0].rests_on] == ["Agency checks"]

    def test_a_retired_theme_is_told_and_counts_no_more(self, home):
        added(home, "Ask early.", home.early)
        codebook.retire(theme=home.early, by=home.reviewer)
        (point,) = told(home)
        assert point.rests_on == ()
        assert point.cautions == (
            "It rested on “Early request for support”, which has been retired since.",
            NO_THEME,
        )

    def test_the_number_of_queries_does_not_grow_with_the_points(self, home):
        facts = gather(home.review)
        added(home, "Ask early.", home.early)
        with CaptureQueriesContext(connection) as one:
            learning_of(home.review, facts)
        for _ in range(4):
            added(home, "Ask early.", home.early, home.checks)
        with CaptureQueriesContext(connection) as many:
            learning_of(home.review, facts)
        assert len(many) == len(one)


class TestInTheReport:
    def test_it_is_a_section_of_its_own_and_a_sheet_of_the_annex(self, home):
        assert "Learning for agencies" not in draft_of(home.review).html
        added(home, "Ask early.", home.checks, owner="Lead midwife", due_on=date(2022, 6, 1))
        document = draft_of(home.review)
        for words in (
            "Learning for agencies",
            "Ask early.",
            "Owner: Lead midwife. By: 1 June 2022.",
            "Rests on: Agency checks (2 of the 3 cases).",
        ):
            assert words in document.html
        assert [sheet.name for sheet in document.sheets][-1] == "Learning"
        assert document.sheets[-1].rows[0][5] == "Agency checks: 2 of the 3 cases"

    def test_a_withdrawn_point_is_in_neither(self, home):
        point = added(home, "Ask early.")
        learning.withdraw(learning_point=point, because="Said twice.", revision=1, by=home.team)
        document = draft_of(home.review)
        assert "Ask early." not in document.html
        assert "Learning" not in [sheet.name for sheet in document.sheets]

    @pytest.mark.parametrize(
        "text",
        [
            "Ring 01632 960123 first.",
            f"Ask as in {build.LIBERI_IDS[0]}.",
            f"Remember: {build.NOT_AGREED}.",
            "Do as was done in all 3 cases.",
            "Ask Reviewer-Babies.",
        ],
    )
    def test_the_checks_look_at_it(self, home, text):
        home.write()
        assert problems_of(material_of(home.review)) == []
        added(home, text)
        problems = problems_of(material_of(home.review))
        assert problems
        assert {problem.at.page for problem in problems} == {"learning"}

    def test_the_checks_look_at_the_owner(self, home):
        home.write()
        added(home, owner=home.lead.name)
        assert [problem.at.page for problem in problems_of(material_of(home.review))] == ["learning"]

    @pytest.mark.parametrize("edit", ["add", "change", "move", "withdraw", "restore"])
    def test_an_edit_overtakes_what_was_put_forward_and_words_make_an_author(self, home, edit):
        home.write()
        first, second, gone = (added(home, f"{n}.", home.checks) for n in ("One", "Two", "Three"))
        gone = learning.withdraw(learning_point=gone, because="Said twice.", revision=1, by=home.reviewer)
        version = release.propose(review=home.review, by=home.team)
        if edit == "add":
            learning.add(review=home.review, point=said(), by=home.second)
        elif edit == "change":
            learning.change(learning_point=first, point=said("Other."), revision=1, by=home.second)
        elif edit == "move":
            learning.move(learning_point=second, to="up", by=home.second)
        elif edit == "withdraw":
            learning.withdraw(learning_point=second, because="Said twice.", revision=1, by=home.second)
        else:
            learning.restore(learning_point=gone, by=home.second)
        with pytest.raises(Refused, match="overtaken"):
            release.approve(version=version, by=home.team)
        following = release.propose(review=home.review, by=home.team)
        assert (home.second in following.authors.all()) is (edit in ("add", "change"))


def build_theme(home: build.Reported, name: str) -> Theme:
    return codebook.add(
        review=home.review, strand="desk-top review", entry=Entry(name=name), by=home.reviewer
    )
