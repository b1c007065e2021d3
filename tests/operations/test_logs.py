"""Log lines tell what happened where, and nothing that anyone typed, is called or was submitted under."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.urls.resolvers import URLPattern

from kscmp_review import urls as house
from kscmp_review.operations.logs import SafeJson
from tests import build

CANARY = "7391824"
Lines = Callable[[], list[dict[str, Any]]]


def explode(request: Any, word: str) -> HttpResponse:
    try:
        raise KeyError(f"no record {CANARY}")
    except KeyError as error:
        raise ValueError(f"{CANARY} of {request.user}") from error


@login_not_required
def away(request: Any) -> HttpResponse:
    raise OperationalError(f"connection lost while writing {CANARY}")


urlpatterns: list[Any] = [
    path("explode/<str:word>/", explode, name="explode"),
    path("away/", away, name="away"),
    *house.urlpatterns,
]
handler500 = house.handler500


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What has been logged so far, by everyone, read back from its JSON."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(SafeJson())
    root, ours = logging.getLogger(), logging.getLogger("kscmp_review.operations.requests")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.removeHandler(handler)
    ours.setLevel(before)


def asked(lines: Lines) -> list[dict[str, Any]]:
    return [line for line in lines() if line["event"] == "request answered"]


@pytest.mark.django_db
@pytest.mark.urls("tests.operations.test_logs")
class TestARequest:
    def test_has_a_line_by_the_name_of_its_page_and_the_number_it_answers_with(self, lines: Lines) -> None:
        response = Client().get("/healthz?word=" + CANARY, headers={"X-Request-ID": CANARY})
        (line,) = asked(lines)
        assert (line["method"], line["page"], line["status"]) == ("GET", "healthz", 200)
        assert line["request"] == response["X-Request-ID"] != CANARY
        assert line["milliseconds"] >= 0

    def test_that_fails_leaves_its_error_by_type_and_place_and_none_of_its_words(self, lines: Lines) -> None:
        client = Client(raise_request_exception=False)
        client.force_login(build.user(f"canary{CANARY}"))
        response = client.get(f"/explode/{CANARY}/?{CANARY}")
        (line,) = [line for line in lines() if line["logger"] == "django.request"]
        assert [error["type"] for error in line["errors"]] == ["builtins.ValueError", "builtins.KeyError"]
        assert line["errors"][0]["frames"][-1].startswith("tests/operations/test_logs.py:")
        assert line["errors"][0]["frames"][-1].endswith("in explode")
        assert CANARY not in json.dumps(lines())
        assert asked(lines)[0]["status"] == response.status_code == 500
        assert response["X-Request-ID"] in response.content.decode()
        assert CANARY not in response.content.decode()

    def test_whose_database_is_away_gets_the_page_that_says_so(self, lines: Lines) -> None:
        response = Client(raise_request_exception=False).get("/away/")
        assert (response.status_code, response["Retry-After"]) == (503, "10")
        assert "away for a moment" in response.content.decode()
        assert response["X-Request-ID"] in response.content.decode()
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert CANARY not in json.dumps(lines())

    def test_for_what_is_not_there_or_from_a_foreign_host_quotes_nothing(self, lines: Lines) -> None:
        Client().get(f"/{CANARY}/")
        Client().get("/", headers={"host": f"{CANARY}.example"})
        Client().post("/accounts/login/", {"login": f"{CANARY}@kscmp.example", "password": CANARY})
        assert {line["status"] for line in asked(lines)} == {404, 400, 200}
        assert CANARY not in json.dumps(lines())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["healthz", "explode"])
def test_the_plain_way_of_logging_would_have_told(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """The control: the same requests, logged as Django does, hold what ours leave out."""
    with caplog.at_level(logging.INFO):
        Client().get(f"/{name}/{CANARY}/")
    assert CANARY in caplog.text


def a_record(message: object, *arguments: object, name: str = "some.library") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "/a/long/way/to/a.py", 7, message, arguments, None)


@pytest.mark.parametrize(
    ("record", "event"),
    [
        (a_record("refused %s", CANARY), "refused %s"),
        (a_record(f"refused {CANARY}"), "written at way/to/a.py:7"),
        (a_record(ValueError(CANARY)), "written at way/to/a.py:7"),
        (a_record(ValueError(CANARY), name="cases.imports"), "written at way/to/a.py:7"),
        (a_record("an import was refused", name="cases.imports"), "an import was refused"),
    ],
)
def test_a_message_is_its_template(record: logging.LogRecord, event: str) -> None:
    line = json.loads(SafeJson().format(record))
    assert line["event"] == event
    assert CANARY not in json.dumps(line)


def test_only_listed_fields_of_plain_kinds_are_written() -> None:
    record = a_record("asked")
    record.__dict__.update(user=CANARY, page=[CANARY], status=200)
    line = json.loads(SafeJson().format(record))
    assert set(line) == {"at", "level", "logger", "event", "status"}


def test_an_error_without_end_is_cut_and_a_circle_of_causes_ends() -> None:
    def deeper(depth: int) -> None:
        if depth:
            deeper(depth - 1)
        raise ValueError

    try:
        deeper(100)
    except ValueError as caught:
        error = caught
    error.__cause__ = error
    record = a_record("failed")
    record.exc_info = (ValueError, error, error.__traceback__)
    (told,) = json.loads(SafeJson().format(record))["errors"]
    assert len(told["frames"]) == 40


def test_the_service_logs_so_unless_it_is_being_developed() -> None:
    configured: Any = settings.LOGGING
    formatter = configured["handlers"]["console"]["formatter"]
    assert configured["formatters"][formatter]["()"].endswith("SafeJson")


def test_every_address_of_the_house_is_in_this_test_too() -> None:
    assert {each.name for each in urlpatterns if isinstance(each, URLPattern)} >= {"healthz", "explode"}
