"""The ledger of erasures: added to alone, by this program alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kscmp_review.privacy import ledger
from kscmp_review.privacy.ledger import UnreadableLedger

WHEN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
NAMES = [ledger.name_of(slug, WHEN) for slug in ("babies", "others", "third")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "erasures"
    for name in NAMES:
        ledger.add(path, name, WHEN)
    return path


def test_what_was_added_is_read_and_a_review_has_one_line(file: Path) -> None:
    ledger.add(file, NAMES[0], datetime.now(UTC))
    assert ledger.read(file) == dict.fromkeys(NAMES, WHEN)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_never_written_holds_nothing(tmp_path: Path) -> None:
    assert ledger.read(tmp_path / "erasures") == {}


def test_the_same_short_name_at_another_time_is_another_review() -> None:
    later = datetime(2030, 1, 2, 3, 4, 6, tzinfo=UTC)
    assert ledger.name_of("babies", WHEN) != ledger.name_of("babies", later)


@pytest.mark.parametrize("line", range(3))
@pytest.mark.parametrize(
    "sabotage",
    [
        lambda lines, n: [*lines[:n], lines[n].replace("2030", "2031"), *lines[n + 1 :]],
        lambda lines, n: [*lines[:n], lines[n].replace(NAMES[n], "0" * 64), *lines[n + 1 :]],
        lambda lines, n: [*lines[:n], "rubbish", *lines[n:]],
        lambda lines, n: [*lines[:n], f"{WHEN.isoformat()} {'1' * 64} {'2' * 64}", *lines[n:]],
        lambda lines, n: [*lines[:n], lines[(n + 1) % 3], *lines[n:]],
    ],
    ids=["another day", "another review", "no line", "a line made up", "lines out of order"],
)
def test_a_line_that_was_changed_or_made_up_is_refused(file: Path, line: int, sabotage: object) -> None:
    lines = file.read_text().splitlines()
    file.write_text("\n".join(sabotage(lines, line)) + "\n")  # type: ignore[operator]
    with pytest.raises(UnreadableLedger, match=r"line \d of the ledger"):
        ledger.read(file)


def test_one_that_cannot_be_read_or_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLedger, match="cannot be read"):
        ledger.read(tmp_path)
    with pytest.raises(UnreadableLedger):
        ledger.add(Path("/dev/null/erasures"), NAMES[0], WHEN)
