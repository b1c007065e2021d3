"""Versions of the risk profile: each change a new version with a reason, its effect shown first."""

from typing import Any

import pytest

from cases.actions import profiles
from cases.actions.profiles import Line, lines_of
from cases.differences import differences
from cases.errors import Refused
from cases.models import Answer, ProfileVersion, Review, Stage
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
        assert differences(first, version) == ["“Housing issues” removed.", "“Maternal use” added (key)."]
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


def typed(review: Review, **changed: str) -> dict[str, str]:
    """What the editor posts when only `changed` is touched."""
    lines = lines_of(review.current_profile)
    posted: dict[str, Any] = {
        "line-TOTAL_FORMS": len(lines) + 2,
        "line-INITIAL_FORMS": len(lines),
        "reason": "Every case was assessed before birth.",
    }
    for place, line in enumerate(lines):
        posted |= {
            f"line-{place}-slug": line.slug,
            f"line-{place}-name": line.name,
            f"line-{place}-tier": line.tier,
            f"line-{place}-order": place + 1,
            f"line-{place}-guidance": line.guidance,
        }
    for place in (len(lines), len(lines) + 1):
        posted |= {f"line-{place}-tier": "of-interest", f"line-{place}-order": place + 1}
    return posted | changed


class TestPages:
    CHANGE = "/reviews/babies/profile/change/"

    def test_the_effect_is_shown_before_anything_is_saved(
        self, review: Review, bola: User, nora: User
    ) -> None:
        case = build.case(review, "North", "1", "appp", by=nora)
        client = signed_in(bola)
        split = {
            "line-2-remove": "on",
            "line-4-name": "Maternal use",
            "line-4-tier": "key",
            "line-4-order": "3",
            "line-4-answers_from": "parental-substance-misuse",
        }
        page = client.post(self.CHANGE, typed(review, **split)).content.decode()
        assert "Nothing is saved yet" in page
        assert case.reference in page
        assert review.profile_versions.count() == 1
        response = client.post(self.CHANGE, typed(review, **split) | {"save": "1"})
        assert response.status_code == 302
        assert [line.slug for line in lines_of(review.current_profile)] == [
            "parental-mental-health",
            "parental-substance-misuse",
            "maternal-use",
            "family-history",
        ]
        history = client.get("/reviews/babies/profile/").content.decode()
        assert "“Housing issues” removed." in history
        assert "Every case was assessed before birth." in history

    def test_going_back_to_edit_keeps_what_was_typed(self, review: Review, bola: User) -> None:
        posted = typed(review, **{"line-0-name": "Mental health", "edit": "1"})
        page = signed_in(bola).post(self.CHANGE, posted).content.decode()
        assert 'value="Mental health"' in page
        assert "See what this does to the ranking" in page

    def test_a_missing_reason_is_an_error_that_lands_on_its_field(self, review: Review, bola: User) -> None:
        posted = typed(review, **{"line-0-name": "Mental health", "reason": ""})
        page = signed_in(bola).post(self.CHANGE, posted).content.decode()
        assert 'href="#id_reason"' in page
        assert "<title>Error: " in page
