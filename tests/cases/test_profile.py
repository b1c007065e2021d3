"""Versions of the risk profile: each change a new version with a reason, its effect shown first."""

from typing import Any

import pytest
from django.test import Client

from cases import proposals
from cases.actions import profiles
from cases.actions.profiles import Line, lines_of
from cases.differences import differences
from cases.errors import Refused
from cases.models import Answer, ProfileVersion, Review, Stage
from cases.proposals import Carry
from cases.ranking import counts_of, rank_review
from kscmp_review.accounts.models import User
from tests import build
from tests.cases.conftest import signed_in


@pytest.fixture
def split(review: Review) -> list[Line]:
    """Housing removed; substance misuse split in two, the new one starting with its answers."""
    mental, misuse, _, history = lines_of(review.current_profile)
    maternal = Line(slug="maternal-use", name="Maternal use", tier="key", answers_from=misuse.slug)
    return [mental, misuse, maternal, history]


def counts(review: Review, version: ProfileVersion | None = None) -> list[tuple[int, int, int]]:
    ranking = rank_review(review, profile=version)
    return [(row.match_count, row.key_count, row.not_known) for row in map(counts_of, ranking.cases())]


class TestChange:
    def test_answers_survive_and_a_split_carries_them_over(
        self, review: Review, bola: User, nora: User, split: list[Line]
    ) -> None:
        build.case(review, "North", "1", "appp", by=nora)
        version = profiles.change(review=review, lines=split, reason="Assessed before birth.", by=bola)
        assert version.number == 2
        assert counts(review) == [(3, 2, 0)]
        assert Answer.objects.filter(characteristic__slug="housing-issues").count() == 1

    def test_any_version_can_be_ranked_by(
        self, review: Review, bola: User, nora: User, split: list[Line]
    ) -> None:
        build.case(review, "North", "1", "appp", by=nora)
        build.case(review, "North", "2", "p?aa", by=nora)
        first = review.current_profile
        before = counts(review)
        profiles.change(review=review, lines=split, reason="Assessed before birth.", by=bola)
        assert counts(review, first) == before == [(3, 1, 0), (1, 1, 1)]

    def test_a_change_without_a_reason_or_a_difference_is_refused(
        self, review: Review, bola: User, split: list[Line]
    ) -> None:
        with pytest.raises(Refused, match="reason"):
            profiles.change(review=review, lines=split, reason="  ", by=bola)
        with pytest.raises(Refused, match="different"):
            profiles.change(review=review, lines=lines_of(review.current_profile), reason="x", by=bola)
        assert review.profile_versions.count() == 1

    def test_a_profile_too_short_for_the_minimum_is_refused(self, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="at least 2 matches"):
            profiles.change(review=review, lines=lines_of(review.current_profile)[:1], reason="x", by=bola)

    def test_after_confirmation_the_profile_stays(
        self, review: Review, bola: User, split: list[Line]
    ) -> None:
        review.stage = Stage.REVIEWING
        review.save()
        with pytest.raises(Refused, match="stage"):
            profiles.change(review=review, lines=split, reason="x", by=bola)

    def test_differences_read_as_sentences(self, review: Review, bola: User, split: list[Line]) -> None:
        first = review.current_profile
        version = profiles.change(review=review, lines=split, reason="x", by=bola)
        assert differences(first, version) == [
            "“Housing issues” removed.",
            (
                "“Maternal use” added (key), split from “Parental substance misuse”: "
                "it began with the same answers."
            ),
        ]
        assert differences(None, first) == []


class TestRehearsal:
    def test_it_tells_who_enters_and_who_leaves_and_saves_nothing(
        self, review: Review, bola: User, nora: User, sam: User, split: list[Line]
    ) -> None:
        leaves = build.case(review, "North", "1", "papp", by=nora)
        enters = build.case(review, "South", "2", "appa", by=sam)
        stays = build.case(review, "South", "3", "pppp", by=sam)
        build.case(review, "North", "4", "paaa", by=nora)
        effect = profiles.rehearse(review=review, lines=split, reason="x", by=bola)
        assert {row.case.pk for row in effect.leaving} == {leaves.pk}
        assert {row.case.pk for row in effect.entering} == {enters.pk}
        assert stays.pk in {after.case.pk for _, after in effect.rows if after.suggested == "yes"}
        assert review.profile_versions.count() == 1
        assert not Answer.objects.filter(characteristic__slug="maternal-use").exists()
        enters.refresh_from_db()
        assert enters.match_count == 2

    def test_it_refuses_what_the_change_would(self, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="different"):
            profiles.rehearse(review=review, lines=lines_of(review.current_profile), reason="x", by=bola)


class TestSplit:
    """How answers carry over: what a present, an absent and a not-known answer become in each part."""

    WHOLE = "parental-substance-misuse"

    @pytest.mark.parametrize(
        ("carry", "first", "second"),
        [
            (Carry.BOTH, "pa?", "pa?"),
            (Carry.FIRST, "pa?", "???"),
            (Carry.SECOND, "???", "pa?"),
            (Carry.ABSENT, "?a?", "?a?"),
            (Carry.NEITHER, "???", "???"),
        ],
    )
    def test_answers_carry_over_as_chosen(
        self, review: Review, bola: User, carry: str, first: str, second: str
    ) -> None:
        cases = [
            build.case(review, district, str(number), f"a{mark}aa", by=bola)
            for number, (district, mark) in enumerate(zip(("North", "North", "South"), "pa?", strict=True))
        ]
        lines = lines_of(review.current_profile)
        made = split_of(review, self.WHOLE, carry)
        profiles.change(review=review, lines=[lines[0], *made, *lines[2:]], reason="Two questions.", by=bola)
        for line, marks in zip(made, (first, second), strict=True):
            given = [
                case.answers.filter(characteristic__slug=line.slug).values_list("presence", flat=True).first()
                or "not known"
                for case in cases
            ]
            assert given == [str(build.MARKS[mark]) for mark in marks]
        assert counts(review, review.profile_versions.get(number=1)) == [(1, 1, 0), (0, 0, 0), (0, 0, 1)]

    def test_a_verified_answer_carries_with_what_was_reported(self, review: Review, bola: User) -> None:
        case = build.case(review, "North", "1", "apaa", by=bola)
        build.verified(case, self.WHOLE, "absent", note="Ruled out.", by=bola)
        made = split_of(review, self.WHOLE, Carry.ABSENT)
        profiles.change(review=review, lines=made, reason="Two questions.", by=bola)
        for line in made:
            answer = case.answers.get(characteristic__slug=line.slug)
            assert (answer.reported, answer.verified, answer.verified_note) == (
                "present",
                "absent",
                "Ruled out.",
            )

    def test_the_history_says_what_was_split_and_how(self, review: Review, bola: User) -> None:
        lines = lines_of(review.current_profile)
        made = split_of(review, self.WHOLE, Carry.ABSENT)
        version = profiles.change(
            review=review, lines=[lines[0], *made, *lines[2:]], reason="Two questions.", by=bola
        )
        said = differences(review.profile_versions.get(number=1), version)
        assert "“Parental substance misuse” removed." in said
        assert (
            "“Maternal use” added (key), split from “Parental substance misuse”: absent where that was "
            "absent, else not known." in said
        )

    def test_parts_of_what_was_only_proposed_begin_with_the_same_answers(self, review: Review) -> None:
        proposed = Line(slug="new", name="New", tier="key", answers_from=self.WHOLE)
        first, second = proposals.split(proposed, *parts(), Carry.BOTH, known={self.WHOLE}, taken={"new"})
        assert (first.slug, first.answers_from, second.answers_from) == ("new", self.WHOLE, self.WHOLE)


def parts() -> tuple[Line, Line]:
    return (
        Line(slug="", name="Parental use", tier="key", problem="use"),
        Line(slug="", name="Maternal use", tier="key", problem="use"),
    )


def split_of(review: Review, slug: str, carry: str) -> list[Line]:
    lines = {line.slug: line for line in lines_of(review.current_profile)}
    return proposals.split(lines[slug], *parts(), carry, known=set(lines), taken=set())


def test_a_short_name_in_use_gets_a_number() -> None:
    assert proposals.free_slug("Maternal use!", {"maternal-use", "maternal-use-2"}) == "maternal-use-3"
    assert proposals.free_slug("!", set()) == "characteristic"


def test_a_short_name_that_is_another_column_of_the_sheets_gets_a_number() -> None:
    assert proposals.free_slug("Match count", set()) == "match-count-2"


class TestPages:
    CHANGE = "/reviews/babies/profile/change/"

    @pytest.fixture
    def team(self, bola: User) -> Client:
        return signed_in(bola)

    def step(self, team: Client, slug: str, step: str) -> None:
        assert team.post(f"{self.CHANGE}lines/{slug}/step/", {"step": step}).status_code == 302

    def split(self, team: Client, **changed: str) -> Any:
        typed = {
            "first": "Parental use",
            "first_tier": "key",
            "second": "Maternal use",
            "second_tier": "key",
            "carry": "both",
            "problem": "substance use",
        }
        return team.post(f"{self.CHANGE}lines/parental-substance-misuse/split/", typed | changed)

    def test_several_steps_make_one_version_and_its_effect_is_shown_first(
        self, review: Review, nora: User, team: Client
    ) -> None:
        case = build.case(review, "North", "1", "appp", by=nora)
        self.step(team, "housing-issues", "remove")
        assert self.split(team).status_code == 302
        shown = team.get(self.CHANGE).content.decode()
        assert "“Housing issues” is removed." in shown
        assert "“Maternal use” is split from “Parental substance misuse”, with the same answers." in shown
        reason = {"reason": "Every case was assessed before birth."}
        effect = team.post(self.CHANGE, reason).content.decode()
        assert "Nothing is saved yet" in effect
        assert case.reference in effect
        assert review.profile_versions.count() == 1
        assert team.post(self.CHANGE, reason | {"save": "1"}).status_code == 302
        assert [line.slug for line in lines_of(review.current_profile)] == [
            "parental-mental-health",
            "parental-substance-misuse",
            "maternal-use",
            "family-history",
        ]
        history = team.get("/reviews/babies/profile/").content.decode()
        assert "“Housing issues” removed." in history
        assert "2 characteristics speak of one problem, substance use" in history
        assert "Nothing yet." in team.get(self.CHANGE).content.decode()

    def test_lines_are_reworded_moved_added_and_brought_back(self, review: Review, team: Client) -> None:
        self.step(team, "family-history", "up")
        self.step(team, "parental-mental-health", "up")
        line = f"{self.CHANGE}lines/housing-issues/"
        assert "Another characteristic has this name" in (
            team.post(line, {"name": "family history of ics involvement", "tier": "key"}).content.decode()
        )
        team.post(line, {"name": "Housing", "tier": "key", "guidance": "", "problem": ""})
        team.post(f"{self.CHANGE}add/", {"name": "Isolation", "tier": "of-interest"})
        self.step(team, "parental-substance-misuse", "remove")
        shown = team.get(self.CHANGE).content.decode()
        for step in (
            "“Housing issues” is called “Housing”.",
            "“Housing” moves to the other tier.",
            "“Isolation” is added.",
            "“Parental substance misuse” is removed.",
            "The order changes.",
        ):
            assert step in shown
        team.post(f"{self.CHANGE}lines/parental-substance-misuse/restore/")
        assert "is removed" not in team.get(self.CHANGE).content.decode()
        team.post(self.CHANGE, {"reason": "Better words.", "save": "1"})
        assert [line.slug for line in lines_of(review.current_profile)] == [
            "parental-mental-health",
            "family-history",
            "housing-issues",
            "isolation",
            "parental-substance-misuse",
        ]

    def test_a_removed_characteristic_comes_back_with_its_answers(
        self, review: Review, bola: User, nora: User, team: Client
    ) -> None:
        build.case(review, "North", "1", "appp", by=nora)
        lines = lines_of(review.current_profile)
        profiles.change(review=review, lines=lines[:3], reason="Fewer.", by=bola)
        assert counts(review) == [(2, 1, 0)]
        team.post(f"{self.CHANGE}lines/family-history/restore/")
        team.post(self.CHANGE, {"reason": "After all.", "save": "1"})
        assert counts(review) == [(3, 1, 0)]

    def test_starting_over_drops_the_proposal(self, review: Review, team: Client) -> None:
        self.step(team, "housing-issues", "remove")
        team.post(f"{self.CHANGE}start-over/")
        assert "Nothing yet." in team.get(self.CHANGE).content.decode()

    def test_a_proposal_says_so_when_the_profile_has_moved_on(
        self, review: Review, bola: User, team: Client
    ) -> None:
        self.step(team, "housing-issues", "remove")
        lines = lines_of(review.current_profile)
        profiles.change(review=review, lines=lines[::-1], reason="Another order.", by=bola)
        shown = team.get(self.CHANGE).content.decode()
        assert "version 2 is current, and your proposal set out from version 1" in shown
        assert "“Housing issues” is removed." in shown

    def test_a_change_shown_beside_a_version_that_is_replaced_is_shown_again_and_not_saved(
        self, review: Review, bola: User, team: Client
    ) -> None:
        self.step(team, "housing-issues", "remove")
        reason = {"reason": "Nobody asks for it."}
        shown = team.post(self.CHANGE, reason).context["current"]
        lines = lines_of(review.current_profile)
        other = [*lines, Line(slug="isolation", name="Isolation", tier="key")]
        profiles.change(review=review, lines=other, reason="The board asks for it.", by=bola)
        again = team.post(self.CHANGE, reason | {"save": "1", "seen": str(shown)})
        page = again.content.decode()
        assert "version 2 is current. Nothing has been saved." in page
        assert "<title>Error: " in page
        assert "“Isolation” is removed." in page
        assert review.current_profile.number == 2
        saved = team.post(self.CHANGE, reason | {"save": "1", "seen": str(again.context["current"])})
        assert saved.status_code == 302
        assert review.current_profile.number == 3

    def test_a_split_that_makes_no_sense_is_an_error_at_its_field(self, review: Review, team: Client) -> None:
        same = self.split(team, second="parental use").content.decode()
        assert "The two parts need different names" in same
        assert 'href="#id_second"' in same
        assert (
            "Another characteristic has this name"
            in self.split(team, first="Housing issues").content.decode()
        )
        assert "Select how answers carry over" in self.split(team, carry="").content.decode()

    def test_going_back_to_edit_keeps_the_reason(self, review: Review, team: Client) -> None:
        self.step(team, "housing-issues", "remove")
        page = team.post(self.CHANGE, {"reason": "Fewer to match.", "edit": "1"}).content.decode()
        assert "Fewer to match." in page
        assert "See what this does to the ranking" in page

    def test_a_missing_reason_is_an_error_that_lands_on_its_field(self, review: Review, team: Client) -> None:
        page = team.post(self.CHANGE, {"reason": ""}).content.decode()
        assert 'href="#id_reason"' in page
        assert "<title>Error: " in page

    def test_a_line_that_is_not_there_is_not_found(self, review: Review, team: Client) -> None:
        for address in ("weather/", "weather/split/"):
            assert team.get(f"{self.CHANGE}lines/{address}").status_code == 404
        assert team.post(f"{self.CHANGE}lines/weather/restore/").status_code == 404
        assert team.post(f"{self.CHANGE}lines/housing-issues/step/", {"step": "sideways"}).status_code == 404
        gone = team.post(f"{self.CHANGE}lines/weather/step/", {"step": "up"}, follow=True)
        assert "no longer in the proposal" in gone.content.decode()
