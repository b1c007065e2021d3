"""The demonstration review as loaded: it reproduces the published figures of 2022 with invented cases."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.test import TestCase

from cases.models import Case, District, Membership, Review, Stage
from cases.ranking import rank_review
from kscmp_review.accounts.models import User
from themes.demonstration.accounts import ACCOUNTS, password_of
from themes.demonstration.example import example_of
from themes.demonstration.load import load
from themes.models import Finding, Interview, Theme
from themes.report.checks import outcome_of
from themes.report.document import material_of


class TestTheDemonstrationReview(TestCase):
    """Loaded once for all of these."""

    review: Review

    @classmethod
    def setUpTestData(cls) -> None:
        cls.review = load().review

    def test_the_selection_comes_out_as_in_2022(self) -> None:
        selected = Case.objects.of(self.review).selected().select_related("district")
        assert Counter(case.district.name for case in selected) == {
            "North": 2,
            "South": 1,
            "East": 1,
            "West": 2,
        }
        assert all(case.match_count >= 6 for case in selected)
        with_history = selected.filter(
            answers__characteristic__slug="family-history-of-ics", answers__presence="present"
        )
        assert with_history.count() == 6

    def test_each_of_four_districts_puts_forward_three(self) -> None:
        submitted = (
            Case.objects.of(self.review).live().order_by().values("district__name").annotate(n=Count("pk"))
        )
        assert {row["district__name"]: row["n"] for row in submitted} == dict.fromkeys(
            ("North", "South", "East", "West"), 3
        )
        assert District.objects.filter(review=self.review).count() == 4

    def test_the_profile_changed_and_either_version_can_be_ranked_by(self) -> None:
        requested, applied = self.review.profile_versions.order_by("number")
        for version in (requested, applied):
            tiers = Counter(version.lines.values_list("tier", flat=True))
            assert tiers == {"key": 4, "of-interest": 5}
        assert applied.reason
        assert rank_review(self.review, profile=requested).tally != rank_review(self.review).tally

    def test_the_sixth_place_was_a_tie_settled_with_a_reason(self) -> None:
        ranking = rank_review(self.review)
        assert (ranking.number_suggested("yes"), ranking.number_suggested("tie")) == (5, 2)
        tied = self.review.selections.get().decisions.filter(suggested="tie")
        assert {decision.outcome for decision in tied} == {"selected", "reserve"}
        assert all(decision.reason for decision in tied)

    def test_every_selected_case_was_referred_to_a_family_group_conference(self) -> None:
        referred = (
            Finding.objects.of(self.review).filter(record_kind="FGC referral").values("case").distinct()
        )
        assert referred.count() == 6

    def test_five_of_the_six_social_workers_took_part(self) -> None:
        statuses = Counter(Interview.objects.of_selected_cases(self.review).values_list("status", flat=True))
        assert statuses == {"done": 5, "unavailable": 1}

    def test_every_theme_is_in_use(self) -> None:
        unused = Theme.objects.of(self.review).filter(parent=None).annotate(n=Count("tags")).filter(n=0)
        assert list(unused) == []

    def test_it_is_ready_to_report(self) -> None:
        assert self.review.stage == Stage.REPORTING
        assert self.review.submissions_close_on is not None

    def test_one_account_a_role_and_a_lead_for_each_district(self) -> None:
        leads = Membership.objects.filter(review=self.review, role="district-lead")
        assert set(leads.values_list("district__name", flat=True)) == {"North", "South", "East", "West"}
        assert set(Membership.objects.filter(review=self.review).values_list("role", flat=True)) == {
            "business-team",
            "district-lead",
            "reviewer",
            "board-reader",
        }
        for account in ACCOUNTS:
            user = User.objects.get(email=account.email)
            assert user.check_password(password_of(account))
            assert user.is_administrator == (account.role == "administrator")

    def test_nothing_stands_in_the_way_of_its_release(self) -> None:
        assert [problem.sentence for problem in outcome_of(material_of(self.review)).blocking] == []

    def test_the_committed_example_is_what_the_command_makes(self) -> None:
        """The page and the annex, byte for byte; the other formats are held against the page elsewhere."""
        document = example_of(self.review)
        for kind in ("html", "xlsx"):
            [committed] = Path("docs/example-report").glob(f"*.{kind}")
            same = document.content(kind) == committed.read_bytes()
            assert same, "the example report is out of date: run make example-report"

    def test_loading_twice_changes_nothing(self) -> None:
        before = (Case.objects.count(), Finding.objects.count(), User.objects.count())
        assert load().newly is False
        assert (Case.objects.count(), Finding.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
def test_the_command_prints_one_line_an_account() -> None:
    printed = StringIO()
    call_command("demo", stdout=printed)
    lines = [line for line in printed.getvalue().splitlines() if "@" in line]
    assert len(lines) == len(ACCOUNTS)
    for account, line in zip(ACCOUNTS, lines, strict=True):
        email, password, role = line.split(maxsplit=2)
        assert (email, password) == (account.email, password_of(account))
        assert role.startswith(account.role)
