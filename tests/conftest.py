"""What every test shares: a database file and static files of its own, and the machine's own Chromium."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from tests.chance import foresee
from tests.chromium import find_chromium, launch_arguments
from tests.flushing import guard_lifted_to_flush
from tests.programs import find_java, find_office, find_pgbouncer

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
NO_CHROMIUM = "no Chromium found: install it, or name it in KSCMP_CHROMIUM"
# Marker → where its program is, and what is said where there is none.
PROGRAMS = {
    "verapdf": (find_java, "NOT RUN: no Java found, on which veraPDF runs: install default-jre-headless"),
    "office": (
        find_office,
        "NOT RUN: no LibreOffice with Poppler found: install both, or name it in KSCMP_OFFICE",
    ),
    "pgbouncer": (find_pgbouncer, "NOT RUN: no PgBouncer found: install it"),
}
own_folder = pytest.StashKey[tempfile.TemporaryDirectory[str]]()

# A busy machine is no failure, and the examples are the same at every run.
hypothesis_settings.register_profile("kscmp", deadline=None, derandomize=True)
hypothesis_settings.load_profile("kscmp")


def pytest_configure(config: pytest.Config) -> None:
    """Give this run a folder of its own, so that two runs at once do not meet."""
    folder = tempfile.TemporaryDirectory(prefix="kscmp-tests-", ignore_cleanup_errors=True)
    config.stash[own_folder] = folder
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # A file, since connections in memory do not race as those to a file do.
        database["TEST"] = {**database.get("TEST", {}), "NAME": str(Path(folder.name) / "test.sqlite3")}
    settings.STATIC_ROOT = folder.name
    settings.ERASURE_LEDGER = str(Path(folder.name) / "erasures")
    settings.STORAGES = {
        **settings.STORAGES,
        # Pages name files as they lie in the folders: no test needs a collected copy.
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # quick, for made-up passwords


def pytest_unconfigure(config: pytest.Config) -> None:
    if own_folder in config.stash:
        config.stash[own_folder].cleanup()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with-database-only",
        action="store_true",
        help="leave out tests that use no database: on a second one they would only be run again",
    )
    parser.addoption("--chance", default="", help="other draws than the usual: see tests/chance.py")


def uses_database(item: pytest.Item) -> bool:
    """Whether the test asks for a database, by its marker, a fixture, or being one of Django's classes."""
    fixtures = getattr(item, "fixturenames", ())
    of_django = isinstance(cls := getattr(item, "cls", None), type) and issubclass(cls, TransactionTestCase)
    return of_django or bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES.intersection(fixtures))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs a program that is not here; let journeys query the database beside a browser."""
    if config.getoption("--with-database-only"):
        without = [item for item in items if not uses_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if uses_database(item)]
    for marker, (find, said) in PROGRAMS.items():
        needing = [item for item in items if item.get_closest_marker(marker)]
        if needing and find() is None:
            for item in needing:
                item.add_marker(pytest.mark.skip(reason=said))
    journeys = [item for item in items if item.get_closest_marker("browser")]
    if journeys and find_chromium() is None:
        for item in journeys:
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    elif journeys:
        # Playwright keeps an event loop in the thread of the tests; Django would refuse to query under one.
        os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session", autouse=True)
def guard_lifted() -> Iterator[None]:
    """The database refuses to empty the audit; between tests it has to."""
    with guard_lifted_to_flush():
        yield


@pytest.fixture(autouse=True)
def same_draws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test draws the same names and the same order of letters at every run."""
    foresee(monkeypatch, f"{request.config.getoption('--chance')}{request.node.nodeid}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": launch_arguments()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A British desktop; nothing moves, so that a picture does not depend on the moment it was taken."""
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }
