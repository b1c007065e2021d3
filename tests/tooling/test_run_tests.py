"""The runner of the tests counts what ran, and never passes over what did not."""

import pytest

from bin import run_tests
from bin.run_tests import Outcome
from tests.postgres import NO_SERVER

REPORT = (
    '<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/>'
    '<testsuite tests="1" failures="0" errors="0" skipped="0"/></testsuites>'
)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(REPORT)
    return path


def test_errors_count_as_failures(report):
    assert run_tests.counts(report) == (4, 2, 2)


@pytest.mark.parametrize("content", [None, "", "<testsuites"])
def test_a_missing_or_broken_report_counts_nothing(tmp_path, content):
    if content is not None:
        (tmp_path / "report.xml").write_text(content)
    assert run_tests.counts(tmp_path / "report.xml") == (0, 0, 0)


@pytest.mark.parametrize("status", [1, 2, 3, 4, -9])
def test_a_part_that_ended_badly_is_broken_even_without_a_report(tmp_path, status):
    part = run_tests.outcome("SQLite", status, tmp_path / "none.xml", in_ci=False)
    assert part.broken
    assert not part.not_run


@pytest.mark.parametrize("in_ci", [True, False])
def test_no_postgresql_is_told_and_fails_only_continuous_integration(report, in_ci):
    part = run_tests.outcome("PostgreSQL", NO_SERVER, report, in_ci=in_ci)
    assert "no PostgreSQL server" in part.not_run
    assert part.broken is in_ci


def test_a_part_without_tests_is_told(report):
    assert run_tests.outcome("browser journeys", 5, report, in_ci=True).not_run == "there are no such tests"


@pytest.mark.parametrize(
    ("apt", "in_ci", "broken"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_no_chromium_fails_only_where_continuous_integration_could_have_had_it(
    monkeypatch, apt, in_ci, broken
):
    monkeypatch.setenv("CI", "true" if in_ci else "")
    monkeypatch.setattr(run_tests, "find_chromium", lambda: None)
    monkeypatch.setattr(run_tests, "can_install", lambda: apt)
    monkeypatch.setattr(run_tests, "install", lambda packages: "apt failed")
    part = run_tests.run_journeys()
    assert part.not_run.startswith("no Chromium found")
    assert part.broken is broken


@pytest.mark.parametrize(
    ("part", "find"),
    [
        ("run_validator", "find_java"),
        ("run_office", "find_office"),
        ("run_pgbouncer", "find_pgbouncer"),
    ],
)
def test_a_program_that_cannot_be_had_is_told_and_breaks_nothing(monkeypatch, part, find):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(run_tests, find, lambda: None)
    monkeypatch.setattr(run_tests, "can_install", lambda: False)
    told = getattr(run_tests, part)()
    assert told.not_run.endswith("apt cannot bring it here")
    assert not told.broken


def test_the_summary_names_every_part_and_closes_with_the_total():
    assert run_tests.summary(
        [
            Outcome(name="SQLite", passed=5, failed=1, skipped=2, broken=True),
            Outcome(name="PostgreSQL", passed=3, broken=True),
            Outcome(name="browser journeys", not_run="no Chromium found"),
        ]
    ) == [
        "SQLite: 5 passed, 1 failed, 2 skipped",
        "PostgreSQL: 3 passed, 0 failed (ended early)",
        "NOT RUN: browser journeys: no Chromium found",
        "TOTAL: 8 passed, 1 failed, 2 skipped",
    ]


def test_there_is_no_total_where_nothing_ran():
    assert run_tests.summary([Outcome(name="long tests on SQLite", not_run="there are no such tests")]) == [
        "NOT RUN: long tests on SQLite: there are no such tests"
    ]


def test_the_settings_of_an_installation_do_not_reach_the_tests(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://records.example/real")
    monkeypatch.setenv("KSCMP_HOSTS", "review.example")
    environment = run_tests.environment()
    assert "DATABASE_URL" not in environment
    assert "KSCMP_HOSTS" not in environment


def test_words_it_does_not_know_run_nothing(monkeypatch, capsys):
    monkeypatch.setattr(run_tests, "run_part", None)  # to call it would fail
    assert run_tests.main(["--help"]) == 2
    assert "usage" in capsys.readouterr().err
