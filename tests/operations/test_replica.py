"""Where a query goes, which pages may read the replica, and whose word it is when something goes wrong."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import Signer
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from cases.models import Case, Membership
from cases.urls import urlpatterns as of_cases
from kscmp_review import databases
from kscmp_review.accounts.models import User
from kscmp_review.replica import position
from kscmp_review.replica.health import Health, health
from kscmp_review.replica.pages import MARK, may_read_replica
from kscmp_review.replica.router import REPLICA, Router, readable, reading_from_replica
from themes.urls import urlpatterns as of_themes

# Each decides what somebody may see or do, or is shown where it decides; or no marked page reads it.
ON_THE_PRIMARY = {
    "cases.CaseVersion", "cases.Draft", "cases.LegalHold", "cases.Membership", "cases.Message",
    "cases.Offer", "cases.Reveal", "cases.Review", "cases.Slot", "cases.StageChange", "cases.StayingOpen",
    "themes.CodebookStep", "themes.PointDraft", "themes.SearchText", "themes.SecondReading",
    "themes.SecondTag", "themes.SectionDraft", "themes.Settlement", "themes.WritingDraft",
}  # fmt: skip


def own_models() -> set[str]:
    """Every model of the two apps that is written out in them."""
    return {
        model._meta.label
        for app in ("cases", "themes")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    }


def test_every_model_is_told_to_be_readable_there_or_kept_on_the_primary() -> None:
    assert readable | ON_THE_PRIMARY == own_models()
    assert readable.isdisjoint(ON_THE_PRIMARY)


def test_the_marked_pages_are_those_of_rankings_matrices_and_reports() -> None:
    found = {str(each.name) for each in [*of_cases, *of_themes] if hasattr(each.callback, MARK)}
    assert found == {
        "agreement", "coverage", "matrix", "matrix_export", "matrix_strength", "report_changes",
        "report_download", "report_preview", "report_version", "report_version_changes",
        "report_version_download", "robustness", "selection", "selection_compare", "version_briefing",
        "version_briefing_download",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
class TestWhereAQueryGoes:
    router = Router()

    def test_outside_a_marked_page_to_the_primary(self) -> None:
        assert self.router.db_for_read(Case) is None

    def test_in_a_marked_page_to_the_replica_unless_it_decides_what_may_be_seen(self) -> None:
        with reading_from_replica():
            assert self.router.db_for_read(Case) == REPLICA
            assert self.router.db_for_read(Membership) is None
            assert self.router.db_for_read(User) is None
        assert self.router.db_for_read(Case) is None

    def test_in_a_transaction_to_the_primary(self) -> None:
        with reading_from_replica(), transaction.atomic():
            assert self.router.db_for_read(Case) is None

    def test_writes_to_the_primary(self) -> None:
        with reading_from_replica():
            assert self.router.db_for_write(Case) == "default"


class TestWhoseWordItIs:
    @pytest.fixture(autouse=True)
    def with_a_replica(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(settings.DATABASES, REPLICA, settings.DATABASES["default"])
        monkeypatch.setattr(health, "may_answer", lambda position: True)

    @pytest.mark.parametrize("fault", [Http404, OperationalError, LookupError])
    def test_where_the_replica_fails_the_primary_answers(self, fault: type[Exception]) -> None:
        asked = []

        @may_read_replica
        def page(request: HttpRequest) -> HttpResponse:
            where = Router().db_for_read(Case)
            asked.append(where)
            if where == REPLICA:
                raise fault
            return HttpResponse("of the primary")

        assert page(RequestFactory().get("/")).content == b"of the primary"
        assert asked == [REPLICA, None]

    def test_what_is_not_there_either_is_not_found(self) -> None:
        @may_read_replica
        def page(request: HttpRequest) -> HttpResponse:
            raise Http404

        with pytest.raises(Http404):
            page(RequestFactory().get("/"))


class TestWhatABrowserKeeps:
    def of(self, kept: str | None) -> str:
        request = RequestFactory().get("/")
        if kept is not None:
            request.COOKIES[settings.REPLICA_COOKIE_NAME] = kept
        return position.of_last_change(request)

    def test_nothing_asks_for_no_change(self) -> None:
        assert self.of(None) == position.NO_CHANGE

    @pytest.mark.parametrize("kept", ["", "0/0", "0/0:made:up", Signer(salt="other").sign("0/0")])
    def test_what_we_have_not_written_asks_for_the_primary(self, kept: str) -> None:
        assert self.of(kept) == position.NOT_KNOWN

    def test_the_stamp_is_a_cookie_for_us_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(position, "_of_primary", lambda: "0/16B3748")
        response = HttpResponse()
        position.stamp(response)
        kept = response.cookies[settings.REPLICA_COOKIE_NAME]
        assert self.of(kept.value) == "0/16B3748"
        assert (kept["httponly"], kept["samesite"], kept["path"], kept["max-age"]) == (True, "Lax", "/", "")


def test_a_replica_that_is_away_is_left_alone_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def look(position: str) -> bool:
        asked.append(position)
        raise OperationalError

    monkeypatch.setattr("kscmp_review.replica.health._look", look)
    monkeypatch.setattr("kscmp_review.replica.health.time.monotonic", lambda: 100.0)
    known = Health()
    assert [known.may_answer("0/0"), known.may_answer("0/0")] == [False, False]
    assert asked == ["0/0"]


def test_a_replica_of_anything_but_postgresql_is_refused() -> None:
    postgresql, sqlite = databases.primary("postgresql:///x"), databases.primary("sqlite:///x")
    assert databases.replica("postgresql://there/x", of=postgresql)["HOST"] == "there"
    for url, of in (("sqlite:///y", postgresql), ("postgresql://there/x", sqlite)):
        with pytest.raises(ImproperlyConfigured):
            databases.replica(url, of=of)


def test_pgbouncer_before_anything_but_postgresql_is_refused() -> None:
    assert databases.through_pgbouncer(databases.primary("postgresql:///x"))["ENGINE"] == databases.POOLED
    with pytest.raises(ImproperlyConfigured):
        databases.through_pgbouncer(databases.primary("sqlite:///x"))
