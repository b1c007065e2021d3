"""How much of what it looks for each check finds, and how much of what it finds is that: `docs/checks.md`.

`python -m tests.themes.report.measuring` writes the page. Each check has a corpus of invented texts or
tables: those that hold what it looks for, and those that do not.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.conf import settings

CORPUS = Path(__file__).parent / "corpus"
PAGE = Path(__file__).parents[3] / "docs" / "checks.md"
FIGURES = {
    "six": "all 6 cases",
    "five": "5 of the 6 cases",
    "three": "3 of the 6 cases",
    "two": "2 of the 6 cases",
    "one": "1 of the 6 cases",
    "none": "none of the 6 cases",
}


class Measured(NamedTuple):
    """`missed` and `alarms` are the texts that went the wrong way."""

    slug: str
    holds: int
    clean: int
    missed: list[Any]
    alarms: list[Any]
    stated: tuple[float, float]

    @property
    def recall(self) -> float:
        return (self.holds - len(self.missed)) / self.holds

    @property
    def precision(self) -> float:
        found = self.holds - len(self.missed)
        return found / (found + len(self.alarms)) if found else 0.0


def slugs() -> list[str]:
    return sorted(path.stem for path in CORPUS.glob("*.toml"))


def measure(slug: str) -> Measured:
    """The check's corpus held against what finds for it."""
    from tests.themes.report.finders import FINDERS

    corpus = tomllib.loads((CORPUS / f"{slug}.toml").read_text(encoding="utf-8"))
    found: Callable[[Any], object] = FINDERS[slug]
    missed = [text for text in corpus["holds"] if not found(text)]
    alarms = [text for text in corpus["clean"] if found(text)]
    stated = (corpus["recall"], corpus["precision"])
    return Measured(slug, len(corpus["holds"]), len(corpus["clean"]), missed, alarms, stated)


def page() -> str:
    """The whole of `docs/checks.md`."""
    from themes.report.checks import CHECKS

    measured = [measure(slug) for slug in CHECKS]
    lines = [HEAD, "| check | with a reason | texts with it | recall | texts without | precision |"]
    lines.append("|---|---|---:|---:|---:|---:|")
    for each in measured:
        check = CHECKS[each.slug]
        may = "may be accepted" if check.acceptable else "never accepted"
        figures = f"{each.holds} | {each.recall:.0%} | {each.clean} | {each.precision:.0%}"
        lines.append(f"| {check.title} | {may} | {figures} |")
    lines.append("\n## Known to be missed, or found in vain\n")
    for each in measured:
        lines += [f"- {CHECKS[each.slug].title}: missed “{_shown(text)}”" for text in each.missed]
        lines += [f"- {CHECKS[each.slug].title}: found in vain in “{_shown(text)}”" for text in each.alarms]
    return "\n".join(lines) + "\n"


def _shown(text: Any) -> str:
    words = text if isinstance(text, str) else "; ".join(f"{name}: {value}" for name, value in text.items())
    return " ".join(words.split()).replace("|", "/").replace("“", "‘").replace("”", "’")


HEAD = """# What the checks find, and what they miss

Every check of the report is held against a corpus of invented texts and tables, in
`tests/themes/report/corpus/`. **Recall** is the share it finds of the texts that hold what it looks for;
**precision** is the share of its findings that are one. The corpora hold ways to write a thing that somebody
thought of: the figures say how well those are covered, not how well a real report is. A test keeps each at or
above what its corpus states, and holds this page in step.
`python -m tests.themes.report.measuring` writes it.

What no check can see is said on the page of the checks: names that are ordinary words, streets, schools and
jobs that only one family has, a social worker without an account, and what a neighbour knows already.
"""

if __name__ == "__main__":
    if not settings.configured:
        import os

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
