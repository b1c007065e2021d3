"""docs/security.md says where each requirement is tested: what it names is there, and nothing is left out."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "security.md"
STANDARD = "## OWASP ASVS 5.0.0"
# Section → its highest number of levels 1 and 2; those of level 3 stand last in each section.
REQUIREMENTS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
CITATION = re.compile(r"\btests/[\w/]+(?:\.py(?:::\w+)?)?")
ID = re.compile(r"V\d+\.\d+\.\d+")


def test_every_test_it_names_is_there() -> None:
    page = PAGE.read_text()
    assert len(CITATION.findall(page)) > 100
    assert list(missing(page)) == []


def test_every_requirement_of_levels_1_and_2_is_there_once() -> None:
    every = {
        f"V{section}.{number}" for section, last in REQUIREMENTS.items() for number in range(1, last + 1)
    }
    assert len(every) == 253
    listed = Counter(ids(PAGE.read_text()))
    assert {each for each, times in listed.items() if times > 1} == set()
    assert set(listed) == every


def test_each_row_is_full() -> None:
    for row in rows(PAGE.read_text()):
        first, *others = row
        assert ID.fullmatch(first), row
        assert len(others) == 3, row
        assert all(others), row


class TestItIsNoticed:
    def test_a_test_that_is_gone(self) -> None:
        here = f"tests/{Path(__file__).name}"
        assert list(missing(f"`{here}::test_each_row_is_full`, `{here}`")) == []
        assert list(missing(f"`{here}::test_of_nothing`")) == [f"{here}::test_of_nothing"]
        assert list(missing("`tests/test_of_nothing.py`")) == ["tests/test_of_nothing.py"]

    def test_a_requirement_twice(self) -> None:
        page = f"{STANDARD}\n\nDo not apply: V1.1.1 V1.1.2\n\n| V1.1.1 | a | b; see V1.1.2 | c |\n"
        assert list(ids(page)) == ["V1.1.1", "V1.1.2", "V1.1.1"]


def missing(page: str) -> Iterator[str]:
    """The citations of `page` that lead to no file, or to no function of that name in it."""
    for cited in CITATION.findall(page):
        path, _, name = cited.partition("::")
        there = (ROOT / path).exists()
        if not there or (name and name not in functions(path)):
            yield cited


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


def ids(page: str) -> Iterator[str]:
    """Of each row its own, and those of the sentences that say what does not apply."""
    for line in page.partition(STANDARD)[2].splitlines():
        yield from ID.findall(line.split("|")[1] if line.startswith("|") else line)


def rows(page: str) -> Iterator[list[str]]:
    for line in page.partition(STANDARD)[2].splitlines():
        if line.startswith("| V"):
            yield [cell.strip() for cell in line.strip("|").split("|")]
