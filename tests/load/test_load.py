"""A short form of the load run: nothing fails, and all that was accepted is there. No times are held."""

import subprocess
import sys
from typing import Any

import pytest

from tests.beyond.marks import on_servers
from tests.beyond.service import ROOT
from tests.load.document import goals_of, page_of
from tests.load.kept import lost

FOUND: dict[str, Any] = {
    "asked": {"people": 4, "minutes": 1, "think": (1, 3)},
    "pages": [],
    "total": {"requests": 9, "failures": 0, "p50": 10, "p95": 20, "p99": 90, "longest": 99, "a second": 1.5},
    "failed": [],
    "errors": 0,
    "lost": [],
    "accepted": [{"kind": "case"}, {"kind": "case"}, {"kind": "tag"}],
    "memory": [90 * 2**20, 100 * 2**20, 104 * 2**20],
}


class TestLong:
    pytestmark = on_servers

    def test_forty_people_for_half_a_minute(self) -> None:
        asked = ["--people", "40", "--minutes", "0.5", "--think", "1", "3"]
        command = [sys.executable, "-m", "tests.load", *asked]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        for kind in ("case", "finding", "tag", "decision"):
            assert f"'{kind}': " in done.stdout


@pytest.mark.parametrize(
    ("told", "missed"),
    [
        ({}, ""),
        ({"lost": ["case: 7000001"]}, "nothing lost"),
        ({"failed": ["selection: answers 500"]}, "no error"),
        ({"errors": 1}, "no error"),
        ({"total": {**FOUND["total"], "p99": 101}}, "p99 ≤ 10 × p50"),
        ({"memory": [1, 100, 111]}, "memory flat"),
    ],
)
def test_each_goal_can_be_missed(told, missed):
    assert [goal for goal, kept in goals_of({**FOUND, **told}).items() if not kept] == [missed] * bool(missed)


def test_the_page_says_what_was_accepted_and_what_the_workers_held():
    page = page_of(FOUND)
    assert "2 cases, 1 tag" in page
    assert "90 → 100 → 104 MB" in page


@pytest.mark.django_db
def test_what_is_not_there_is_lost():
    told = [
        {"kind": "case", "number": "7000001"},
        {"kind": "finding", "text": "Written."},
        {"kind": "tag", "text": "Written."},
        {"kind": "decision", "case": "one", "reason": "First."},
        {"kind": "decision", "case": "one", "reason": "Last."},
    ]
    assert list(lost(told)) == ["case: 7000001", "finding: Written.", "tag: Written.", "decision: Last."]
