"""Who takes part in a review, since when, and the audit that shows it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.actions import members
from cases.errors import Refused
from cases.models import District, Membership, Review, Role
from cases.permissions import NotAllowed
from kscmp_review.accounts.models import User
from kscmp_review.audit.chain import Break
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in


class TestAdding:
    def test_one_person_has_one_role_in_a_review(self, review: Review, bola: User, rita: User) -> None:
        with pytest.raises(Refused, match="already"):
            members.add(review=review, user=rita, role=Role.BOARD_READER, by=bola)

    def test_an_administrator_takes_part_in_no_review(self, review: Review, bola: User) -> None:
        ada = build.user("ada", is_administrator=True)
        with pytest.raises(Refused, match="administrator"):
            members.add(review=review, user=ada, role=Role.REVIEWER, by=bola)

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.BOARD_READER, Role.BUSINESS_TEAM])
    def test_only_a_district_lead_has_a_district(self, review: Review, bola: User, role: str) -> None:
        north = District.objects.get(name="North")
        with pytest.raises(Refused, match="district"):
            members.add(review=review, user=build.user("nell"), role=role, district=north, by=bola)

    def test_a_district_lead_without_a_district_is_refused(self, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="district"):
            members.add(review=review, user=build.user("nell"), role=Role.DISTRICT_LEAD, by=bola)

    def test_a_district_of_another_review_is_refused(self, review: Review, bola: User, olga: User) -> None:
        elsewhere = District.objects.get(review__slug="other", name="North")
        with pytest.raises(Refused, match="another review"):
            members.add(
                review=review, user=build.user("nell"), role=Role.DISTRICT_LEAD, district=elsewhere, by=bola
            )

    def test_a_reviewer_adds_nobody(self, review: Review, rita: User) -> None:
        with pytest.raises(NotAllowed):
            members.add(review=review, user=build.user("nell"), role=Role.REVIEWER, by=rita)


def test_who_manages_a_review_is_asked_under_its_lock(review: Review, bola: User, rita: User) -> None:
    """Of two of the business team who end each other's membership at once, one is too late."""
    membership = Membership.objects.select_related("review", "user").get(user=rita)
    with CaptureQueriesContext(connection) as asked:
        members.end(membership=membership, by=bola)
    froms = [re.search(r'FROM "(\w+)"', query["sql"]) for query in asked.captured_queries]
    tables = [found[1] for found in froms if found]
    assert tables.index("cases_review") < tables.index("cases_membership")


class TestChanging:
    def test_the_role_ends_and_another_begins(self, review: Review, bola: User, nora: User) -> None:
        membership = Membership.objects.get(user=nora)
        answer = signed_in(bola).post(
            f"/reviews/babies/members/{membership.pk}/change/", {"role": "reviewer", "district": ""}
        )
        assert answer.status_code == 302
        live = Membership.objects.live().get(user=nora)
        assert (live.role, live.district) == (Role.REVIEWER, None)
        assert Membership.objects.filter(user=nora).count() == 2

    def test_the_last_of_the_business_team_stays_one_of_it(self, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="at least one"):
            members.change(membership=Membership.objects.get(user=bola), role=Role.REVIEWER, by=bola)
        assert Membership.objects.live().get(user=bola).role == Role.BUSINESS_TEAM

    def test_a_role_that_does_not_fit_changes_nothing(self, review: Review, bola: User, nora: User) -> None:
        with pytest.raises(Refused, match="district"):
            members.change(membership=Membership.objects.get(user=nora), role=Role.DISTRICT_LEAD, by=bola)
        assert Membership.objects.live().get(user=nora).role == Role.DISTRICT_LEAD


class TestEnding:
    def test_an_ended_member_is_an_outsider_at_the_next_request(
        self, review: Review, bola: User, nora: User
    ) -> None:
        client = signed_in(nora)
        assert client.get("/reviews/babies/submissions/").status_code == 200
        membership = Membership.objects.get(user=nora)
        signed_in(bola).post(f"/reviews/babies/members/{membership.pk}/end/")
        assert client.get("/reviews/babies/submissions/").status_code == 404

    def test_the_last_of_the_business_team_stays(self, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="at least one"):
            members.end(membership=Membership.objects.get(user=bola), by=bola)

    def test_a_membership_of_another_review_is_not_there(
        self, review: Review, bola: User, olga: User
    ) -> None:
        elsewhere = Membership.objects.get(user=olga)
        assert signed_in(bola).post(f"/reviews/babies/members/{elsewhere.pk}/end/").status_code == 404

    def test_a_disabled_account_is_an_outsider(self, review: Review, rita: User) -> None:
        rita.is_active = False
        rita.save()
        assert not Membership.objects.of(rita).exists()


class TestAudit:
    def test_the_page_shows_who_did_what(self, review: Review, bola: User, nora: User) -> None:
        build.case(review, "North", "0012345", "ppaa", by=nora, evidence="A secret note.")
        page = signed_in(bola).get("/reviews/babies/audit/").content.decode()
        assert "Case submitted" in page
        assert nora.email in page
        assert "0012345" not in page
        assert "A secret note." not in page

    def test_it_narrows_to_an_action_a_person_and_a_printed_reference(
        self, review: Review, bola: User, nora: User
    ) -> None:
        first = build.case(review, "North", "1", "ppaa", by=nora)
        second = build.case(review, "North", "2", "ppaa", by=bola)
        client = signed_in(bola)
        by_person = client.get(
            "/reviews/babies/audit/", {"action": "case.submitted", "person": nora.email}
        ).content.decode()
        assert first.public_id in by_person
        assert second.public_id not in by_person
        by_case = client.get("/reviews/babies/audit/", {"object_id": second.reference}).content.decode()
        assert second.public_id in by_case
        assert first.public_id not in by_case

    def test_the_page_says_whether_the_chain_holds(
        self, review: Review, bola: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "Chain holds" in signed_in(bola).get("/reviews/babies/audit/").content.decode()
        monkeypatch.setattr("cases.views.audit.verify_tail", lambda: Break(3, "its code does not fit"))
        page = signed_in(bola).get("/reviews/babies/audit/").content.decode()
        assert "the chain is broken at event 3: its code does not fit" in page
        assert "Chain holds" not in page

    def test_another_review_stays_out_of_it(self, review: Review, bola: User, olga: User) -> None:
        assert olga.email not in signed_in(bola).get("/reviews/babies/audit/").content.decode()

    def test_a_refusal_is_an_event_of_the_review(self, review: Review, rita: User) -> None:
        assert signed_in(rita).get("/reviews/babies/audit/").status_code == 403
        event = AuditEvent.objects.get(action="permission.denied")
        assert (event.actor_email, event.review_id, event.object_id) == (rita.email, review.pk, "audit")

    def test_signing_in_and_failing_to_are_events(self, bola: User) -> None:
        login = {"login": bola.email, "password": build.PASSWORD}
        assert Client().post("/accounts/login/", login).status_code == 302
        Client().post("/accounts/login/", login | {"password": "not the right one"})
        actions = list(AuditEvent.objects.values_list("action", flat=True).order_by("pk"))
        assert actions == ["account.signed in", "account.sign-in failed"]
