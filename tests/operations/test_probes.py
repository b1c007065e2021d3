"""Probes say in a word whether the service lives and is ready; metrics count pages for who has the token."""

from importlib import reload
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client

from kscmp_review import keys
from kscmp_review.operations import serving
from tests import build

TOKEN = "t" * 32
pytestmark = pytest.mark.django_db


class NoDatabase:
    def __call__(self, *_: Any, **__: Any) -> None:
        raise OperationalError("server closed the connection")


@pytest.mark.parametrize(("probe", "word"), [("/healthz", b"unavailable"), ("/readyz", b"not ready")])
def test_a_database_that_is_away_is_503_and_no_more(probe: str, word: bytes) -> None:
    with connection.execute_wrapper(NoDatabase()):
        response = Client().get(probe)
    assert (response.status_code, response.content) == (503, word)


def test_ready_once_the_tables_are_those_of_this_release(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/readyz").content == b"ready"
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *_: ["one to apply"]
    )
    assert Client().get("/readyz").status_code == 503


def test_not_ready_while_the_shared_store_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "get", lambda *_: None)
    assert Client().get("/readyz").status_code == 503


class TestMetrics:
    def test_are_not_there_for_whoever_brings_no_token_or_another(self, settings: Any) -> None:
        client = Client()
        client.force_login(build.user("ada", is_administrator=True))
        settings.METRICS_TOKEN = ""
        for brought in ("", "Bearer ", "Bearer x"):
            assert client.get("/metrics", headers={"Authorization": brought}).status_code == 404
        settings.METRICS_TOKEN = TOKEN
        for brought in ("", "Bearer ", "Bearer x", TOKEN):
            assert client.get("/metrics", headers={"Authorization": brought}).status_code == 404

    def test_count_requests_by_page_and_name_nobody_and_nothing(self, settings: Any) -> None:
        settings.METRICS_TOKEN = TOKEN
        client = Client()
        client.get("/healthz?canary=7391824")
        client.get("/reviews/canary/")
        client.generic("CANARY", "/healthz")
        told = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
        assert 'kscmp_requests_total{method="GET",page="healthz",status="200"}' in told
        assert 'kscmp_requests_total{method="other",page="healthz",status="405"}' in told
        assert 'kscmp_request_seconds_bucket{le="0.5",page="healthz"}' in told
        assert "canary" not in told.lower()

    def test_of_several_workers_are_added_up(self, settings: Any, tmp_path: Path) -> None:
        settings.METRICS_TOKEN, settings.METRICS_FOLDER = TOKEN, str(tmp_path)
        told = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert (told.status_code, told.content) == (200, b"")

    def test_a_short_token_is_refused_at_the_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KSCMP_METRICS_TOKEN", "guessed")
        with pytest.raises(ImproperlyConfigured, match="at least 32"):
            keys.metrics_token()
        monkeypatch.setenv("KSCMP_METRICS_TOKEN", TOKEN)
        assert keys.metrics_token() == TOKEN


def test_workers_count_into_a_folder_that_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KSCMP_VAR", str(tmp_path))
    monkeypatch.setenv("KSCMP_METRICS_TOKEN", TOKEN)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR")
    configured = reload(serving)
    left = tmp_path / "metrics" / "127.0.0.1-8001" / "counter_1.db"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of a worker that is gone")
    configured.on_starting(None)
    assert list(left.parent.iterdir()) == []
