"""A running service is seen by what must have the records to itself."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from kscmp_review.operations import running

SERVE = """
import sys
from django.conf import settings
settings.configure(VAR_DIR=sys.argv[1])
from kscmp_review.operations.running import serving
serving()
print("serving", flush=True)
sys.stdin.read()
"""


@contextmanager
def server(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that serves until it is told to end."""
    command = [sys.executable, "-c", SERVE, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout
        assert process.stdout.readline() == "serving\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def here(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.RECORD_KEYS = {"new": b"n" * 32, "old": b"o" * 32}
    return tmp_path


def test_it_is_seen_while_it_runs_and_gone_when_it_was_killed(here: Path) -> None:
    assert not running.is_serving_here()
    with server(here), server(here) as second:
        assert running.is_serving_here()
        second.kill()
        second.wait()
        assert running.is_serving_here()
    assert not running.is_serving_here()


def test_a_folder_that_cannot_be_written_hinders_no_service(settings: Settings) -> None:
    settings.VAR_DIR = "/dev/null"
    running.serving()
    assert running._held == []


@pytest.mark.django_db
def test_keys_are_not_rotated_under_a_running_service(here: Path) -> None:
    with server(here), pytest.raises(CommandError, match="the service is running on this machine"):
        call_command("rotate_keys", service_is_stopped=True)


@pytest.mark.django_db
def test_nor_while_another_is_connected_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kscmp_review.operations.running.other_sessions", lambda: 2)
    with pytest.raises(CommandError, match="2 other sessions"):
        call_command("rotate_keys", service_is_stopped=True)
    call_command("rotate_keys", service_is_stopped=True, other_sessions_are_harmless=True)


@pytest.mark.django_db(transaction=True)
def test_a_session_of_the_same_database_is_counted() -> None:
    before = running.other_sessions()
    if connection.vendor != "postgresql":
        assert before == 0
        return
    other = connection.copy()
    try:
        other.ensure_connection()
        assert running.other_sessions() == before + 1
    finally:
        other.close()


def test_what_is_served_says_so() -> None:
    wsgi = Path("kscmp_review/wsgi.py").read_text()
    assert "running.serving()" in wsgi
