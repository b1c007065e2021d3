"""Opening a review, changing its settings, moving it from stage to stage."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import reviews
from cases.errors import Refused
from cases.lifecycle import ALLOWS, MOVES_BY_HAND, MOVES_BY_SELECTION
from cases.models import Membership, Review, Role, Slot, Stage
from cases.permissions import NotAllowed
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in

TYPED = {
    "title": "Injuries in under 1s",
    "slug": "",
    "purpose": "What worked?",
    "key_characteristics": "Parental mental health\nCannabis use",
    "characteristics_of_interest": "Housing issues",
    "districts": "North\nSouth",
    "cases_per_district": "3",
    "cases_to_select": "4",
    "minimum_matches": "2",
    "minimum_per_district": "1",
    "opens_on": "10/1/2022",
    "submissions_close_on": "2022-02-04",
    "report_due_on": "",
}


def settings(**changed: Any) -> reviews.Settings:
    given = reviews.Settings(title="T", districts=("North", "South"), cases_to_select=2, minimum_matches=2)
    return replace(given, **changed)


class TestOpening:
    def test_the_business_team_opens_a_review_from_the_page(self, bola: User) -> None:
        response = signed_in(bola).post("/reviews/new/", TYPED)
        made = Review.objects.get()
        assert response.status_code == 302
        assert response["Location"] == "/reviews/injuries-in-under-1s/"
        assert made.submissions_close_on == date(2022, 2, 4)
        assert [line.tier for line in made.current_profile.lines.all()] == ["key", "key", "of-interest"]
        assert [district.name for district in made.districts.all()] == ["North", "South"]
        assert Slot.objects.count() == 6
        assert Membership.objects.get().role == Role.BUSINESS_TEAM

    def test_what_was_typed_stays_when_something_is_wrong(self, bola: User) -> None:
        response = signed_in(bola).post("/reviews/new/", TYPED | {"cases_to_select": "7"})
        page = response.content.decode()
        assert not Review.objects.exists()
        assert "More cases are to be selected than the districts are asked for." in page
        assert "Cannabis use" in page
        assert "<title>Error: " in page

    def test_nobody_else_opens_a_review(self, rita: User) -> None:
        assert signed_in(rita).get("/reviews/new/").status_code == 403
        with pytest.raises(NotAllowed):
            reviews.create(slug="x", settings=settings(), characteristics=build.LINES, by=rita)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"districts": ()}, "at least one district"),
            ({"districts": ("North", "north")}, "named once"),
            ({"districts": ("North East", "North  East")}, "named once"),
            ({"districts": ("N" * 61, "South")}, "at most 60 characters"),
            ({"title": " "}, "title"),
            ({"cases_to_select": 0}, "at least one"),
            ({"cases_to_select": 7}, "More cases"),
            ({"minimum_per_district": 2}, "times the districts"),
            ({"minimum_per_district": -1}, "less than 0"),
            ({"minimum_matches": 5}, "characteristics"),
            ({"opens_on": date(2022, 2, 1), "submissions_close_on": date(2022, 1, 1)}, "close before"),
        ],
    )
    def test_settings_that_contradict_each_other_are_refused(
        self, bola: User, wrong: dict[str, object], sentence: str
    ) -> None:
        with pytest.raises(Refused, match=sentence):
            reviews.create(slug="x", settings=settings(**wrong), characteristics=build.LINES, by=bola)
        assert not Review.objects.exists()

    def test_names_too_long_for_the_page_are_refused_beside_what_was_typed(self, bola: User) -> None:
        client = signed_in(bola)
        for wrong in ({"key_characteristics": "c" * 121}, {"districts": "d" * 61 + "\nSouth"}):
            response = client.post("/reviews/new/", TYPED | wrong)
            assert response.status_code == 200
            assert "characters." in response.content.decode()
        assert not Review.objects.exists()

    def test_a_characteristic_takes_no_short_name_that_is_another_column_of_the_sheets(
        self, bola: User
    ) -> None:
        signed_in(bola).post("/reviews/new/", TYPED | {"key_characteristics": "Rank\nDistrict"})
        lines = Review.objects.get().current_profile.lines.all()
        assert [line.slug for line in lines] == ["rank-2", "district-2", "housing-issues"]

    def test_a_short_name_is_used_once(self, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="already"):
            build.review(review.slug, by=bola)


class TestSettings:
    def test_dates_and_title_change_at_any_open_stage(self, review: Review, bola: User) -> None:
        changed = reviews.change_settings(
            review=review, settings=settings(title="New", report_due_on=date(2030, 1, 1)), by=bola
        )
        assert (changed.title, changed.report_due_on) == ("New", date(2030, 1, 1))
        event = AuditEvent.objects.get(action="review.settings changed")
        assert event.before["report_due_on"] is None
        assert event.after["report_due_on"] == "2030-01-01"

    def test_districts_stay_once_submissions_are_open(self, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="stage"):
            reviews.change_settings(review=review, settings=settings(districts=("East", "West")), by=bola)

    def test_while_setting_up_districts_and_quota_change(self, bola: User) -> None:
        made = build.review(by=bola, stage=Stage.SETTING_UP)
        build.member(made, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        changed = reviews.change_settings(
            review=made, settings=settings(districts=("West", "North"), cases_per_district=2), by=bola
        )
        assert [district.name for district in changed.districts.all()] == ["West", "North"]
        assert Slot.objects.count() == 4

    def test_a_district_with_a_lead_is_not_dropped(self, bola: User) -> None:
        made = build.review(by=bola, stage=Stage.SETTING_UP)
        build.member(made, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        with pytest.raises(Refused, match="district lead"):
            reviews.change_settings(review=made, settings=settings(districts=("South",)), by=bola)

    def test_the_page_shows_what_is_set_and_saves_what_is_typed(self, review: Review, bola: User) -> None:
        client = signed_in(bola)
        page = client.get(f"/reviews/{review.slug}/settings/").content.decode()
        assert "North\nSouth" in page
        typed = {name: TYPED[name] for name in TYPED if "characteristics" not in name and name != "slug"}
        client.post(f"/reviews/{review.slug}/settings/", typed | {"cases_to_select": "3"})
        review.refresh_from_db()
        assert (review.title, review.cases_to_select) == ("Injuries in under 1s", 3)


class TestStages:
    def test_each_stage_has_its_row_in_every_table(self) -> None:
        assert set(ALLOWS) == set(MOVES_BY_HAND) == set(Stage.values)
        assert set(MOVES_BY_SELECTION) <= set(Stage.values)

    @pytest.mark.parametrize("start", Stage.values)
    @pytest.mark.parametrize("to", Stage.values)
    def test_only_the_moves_of_the_table_can_be_made_by_hand(
        self, review: Review, bola: User, start: str, to: str
    ) -> None:
        review.stage = start
        review.save()
        if to in MOVES_BY_HAND[start]:
            moved = reviews.move_to_stage(review=review, stage=to, reason="Needed.", by=bola)
            assert moved.stage == to
        else:
            with pytest.raises(Refused, match="cannot go"):
                reviews.move_to_stage(review=review, stage=to, reason="Needed.", by=bola)

    def test_a_step_back_needs_a_reason_and_keeps_it(self, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="reason"):
            reviews.move_to_stage(review=review, stage=Stage.SETTING_UP, by=bola)
        reviews.move_to_stage(
            review=review, stage=Stage.SETTING_UP, reason="A district was missing.", by=bola
        )
        assert review.stage_changes.latest("pk").reason == "A district was missing."

    def test_the_page_asks_before_it_moves(self, review: Review, bola: User) -> None:
        client = signed_in(bola)
        assert (
            "can no longer submit" in client.get(f"/reviews/{review.slug}/stage/selecting/").content.decode()
        )
        client.post(f"/reviews/{review.slug}/stage/selecting/", {"stage": "selecting"})
        review.refresh_from_db()
        assert review.stage == Stage.SELECTING

    def test_a_step_that_is_not_there_leads_back_to_the_overview(self, review: Review, bola: User) -> None:
        response = signed_in(bola).post(f"/reviews/{review.slug}/stage/closed/", {"stage": "closed"})
        review.refresh_from_db()
        assert response["Location"] == f"/reviews/{review.slug}/"
        assert review.stage == Stage.OPEN


class TestHomeAndOverview:
    def test_a_district_lead_sees_what_is_missing_and_until_when(self, bola: User) -> None:
        made = build.review(by=bola, submissions_close_on=timezone.localdate() + timedelta(days=6))
        nora = build.member(made, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        build.case(made, "North", "0012345", "ppaa", by=nora)
        page = signed_in(nora).get("/").content.decode()
        assert "North: 1 of 3 cases submitted, closes in 6 days." in page
        assert "Submit a case" in page

    def test_the_business_team_sees_the_whole(self, review: Review, bola: User, nora: User) -> None:
        build.case(review, "North", "0012345", "p??a", by=nora)
        assert "1 of 6 cases submitted" in signed_in(bola).get("/").content.decode()
        page = signed_in(bola).get(f"/reviews/{review.slug}/").content.decode()
        assert "1 of 6" in page
        assert "0012345" not in page

    def test_a_member_with_another_role_is_taken_to_their_own_page(self, review: Review, nora: User) -> None:
        response = signed_in(nora).get(f"/reviews/{review.slug}/")
        assert response["Location"] == f"/reviews/{review.slug}/submissions/"

    def test_an_administrator_is_shown_no_review(self, review: Review) -> None:
        ada = build.user("ada", is_administrator=True)
        assert review.title not in signed_in(ada).get("/").content.decode()
        assert signed_in(ada).get(f"/reviews/{review.slug}/").status_code == 404

    def test_home_asks_the_same_number_of_questions_for_one_review_and_for_many(
        self, review: Review, bola: User
    ) -> None:
        client = signed_in(bola)
        client.get("/")
        with CaptureQueriesContext(connection) as few:
            client.get("/")
        for number in range(4):
            build.review(f"more-{number}", by=bola)
        with CaptureQueriesContext(connection) as many:
            client.get("/")
        assert len(many) == len(few)


class TestLongShortNames:
    """A short name may have sixty letters; the audit names its review by it."""

    SLUG = "-".join(["a-review-with-a-short-name-that-is-not-short", "at-all"]).ljust(60, "x")

    def test_the_longest_short_name_is_opened_moved_and_audited(self, bola: User) -> None:
        made = build.review(self.SLUG, by=bola)
        assert AuditEvent.objects.filter(object_type="review", object_id=self.SLUG).count() == 2
        assert signed_in(bola).get(f"/reviews/{made.slug}/submissions/").status_code == 200
