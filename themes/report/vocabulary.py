"""The live counts a writer can choose from: each with its token, its group, what it counts and how it reads.

Whole-cohort counts only. The one count that names a district says how many cases were selected there: no
count crosses districts with anything else (rule 12).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import slugify

from themes.coding.counting import counted, in_words
from themes.models import Expectation, InterviewStatus, Quality, Strand
from themes.report.facts import Facts
from themes.report.found import ThemeFound

SHORT = "|short"
REVIEW, DISTRICTS, INTERVIEWS, RECORDS = "The review", "Districts", "Interviews", "Records read"
THEMES, CHARACTERISTICS = "Themes", "Characteristics of the selected cases"


@dataclass(frozen=True, slots=True)
class LiveCount:
    """`words` is how it reads in a sentence; `short` the same without its noun, empty without a whole."""

    token: str
    group: str
    name: str
    words: str
    short: str = ""

    @property
    def written(self) -> str:
        """As it is put into a text."""
        return "{{ " + self.token + " }}"

    @property
    def written_short(self) -> str:
        return "{{ " + self.token + " | short }}"


def vocabulary(facts: Facts) -> list[LiveCount]:
    """Every live count of this review, in the order and the groups of the picker."""
    return [
        *_of_the_review(facts),
        *_of_districts(facts),
        *_of_interviews(facts),
        *_of_records(facts),
        *_of_all_themes(facts),
        *_of_each_theme(facts),
        *_of_characteristics(facts),
    ]


def figures_of(facts: Facts) -> dict[str, list[str]]:
    """Every live count as a version keeps it: token → [what it counts, its words]."""
    return {count.token: [count.name, count.words] for count in vocabulary(facts)}


def _number(token: str, group: str, name: str, count: int, noun: str) -> LiveCount:
    return LiveCount(token, group, name, counted(count, noun))


def _part(token: str, group: str, name: str, count: int, total: int, noun: str) -> LiveCount:
    return LiveCount(token, group, name, in_words(count, total, noun), _short(count, total))


def _short(count: int, total: int) -> str:
    if not count:
        return "none"
    return f"all {total}" if count == total > 1 else f"{count} of the {total}"


def _of_the_review(facts: Facts) -> Iterator[LiveCount]:
    cohort, current = facts.cohort, facts.current
    yield _number("cases_selected", REVIEW, "Cases selected", cohort.selected, "case")
    yield _number("cases_submitted", REVIEW, "Cases submitted", cohort.submitted, "case")
    yield _number("cases_asked", REVIEW, "Cases asked for", cohort.asked, "case")
    yield _number("cases_qualifying", REVIEW, "Cases that qualify", cohort.qualifying, "case")
    yield _number("cases_withdrawn", REVIEW, "Cases withdrawn", cohort.withdrawn, "case")
    yield _number("cases_in_reserve", REVIEW, "Cases kept in reserve", facts.choosing.reserve, "case")
    yield _part(
        "qualifying_of_submitted",
        REVIEW,
        "Of the cases submitted, those that qualify",
        cohort.qualifying,
        cohort.submitted,
        "case",
    )
    yield _part(
        "selected_of_submitted",
        REVIEW,
        "Of the cases submitted, those selected",
        cohort.selected,
        cohort.submitted,
        "case",
    )
    yield _number("districts", REVIEW, "Districts", len(facts.districts), "district")
    yield _number(
        "characteristics", REVIEW, "Characteristics asked about", len(current.lines), "characteristic"
    )


def _of_districts(facts: Facts) -> Iterator[LiveCount]:
    for district in facts.districts:
        name = f"Selected from {district.name}"
        yield _number(f"selected_in:{district.name}", DISTRICTS, name, district.selected, "case")


def _of_interviews(facts: Facts) -> Iterator[LiveCount]:
    selected, held = facts.cohort.selected, Counter(facts.interviews)
    told = {
        "interviews_done": ("Interviews done", held[InterviewStatus.DONE]),
        "interviews_agreed": ("Interviews agreed to, not held yet", held[InterviewStatus.AGREED]),
        "interviews_invited": ("Interviews invited to, no answer yet", held[InterviewStatus.INVITED]),
        "interviews_declined": ("Interviews declined", held[InterviewStatus.DECLINED]),
        "interviews_unavailable": ("Social workers unavailable", held[InterviewStatus.UNAVAILABLE]),
    }
    for token, (name, count) in told.items():
        yield _part(token, INTERVIEWS, name, count, selected, "social worker")
    done = facts.interviews_done
    name = "Of those interviewed, agreed to be quoted"
    yield _part("agreed_to_quote", INTERVIEWS, name, facts.quoting_agreed, done, "social worker")


def _of_records(facts: Facts) -> Iterator[LiveCount]:
    written = sum(kind.findings for kind in facts.records)
    yield _number("findings", RECORDS, "Findings, of every kind of record", written, "finding")
    for value, label in [*Expectation.choices, *Quality.choices]:
        count = facts.findings_marked.get(value, 0)
        name = f"Findings marked “{label.lower()}”"
        yield _part(f"findings_marked:{slugify(value)}", RECORDS, name, count, written, "finding")
    for kind in facts.records:
        slug, what = slugify(kind.name), kind.name
        yield _number(f"findings_from:{slug}", RECORDS, f"Findings from: {what}", kind.findings, "finding")
        name = f"Cases with a finding from: {what}"
        yield _part(f"cases_read_in:{slug}", RECORDS, name, kind.cases, facts.cohort.selected, "case")


def _of_all_themes(facts: Facts) -> Iterator[LiveCount]:
    """Themes, not their sub-themes, circular ones left out: how often those are found is no finding."""
    told = [theme for theme in facts.themes if theme.cases and not theme.restates]
    selected = facts.cohort.selected
    yield _number("themes_found", THEMES, "Themes found in any case", len(told), "theme")
    for strand in Strand:
        own = [theme for theme in told if theme.strand == strand]
        name = f"Themes found: {strand.label.lower()}"
        yield _number(f"themes_found:{slugify(strand)}", THEMES, name, len(own), "theme")
    everywhere = sum(theme.cases == selected for theme in told)
    yield _part("themes_in_all_cases", THEMES, "Themes found in all cases", everywhere, len(told), "theme")
    once = sum(theme.cases == 1 for theme in told)
    yield _part("themes_in_one_case", THEMES, "Themes found in one case only", once, len(told), "theme")


def _of_each_theme(facts: Facts) -> Iterator[LiveCount]:
    for theme in facts.every_theme():
        yield from _of_theme(theme, facts.cohort.selected)


def _of_theme(theme: ThemeFound, selected: int) -> Iterator[LiveCount]:
    told = {
        "cases_with_theme": ("cases", theme.cases),
        "cases_beyond": ("cases where practice went beyond what is expected", theme.beyond),
        "cases_expected": ("cases with practice as expected", theme.expected),
        "cases_required": ("cases with practice that procedure requires", theme.required),
        "cases_could_be_better": ("cases where practice could be better", theme.could_be_better),
    }
    for kind, (name, count) in told.items():
        yield _part(f"{kind}:{theme.slug}", theme.name, f"{theme.name}: {name}", count, selected, "case")
    name = f"{theme.name}: passages"
    yield _number(f"passages_with_theme:{theme.slug}", theme.name, name, theme.passages, "passage")


def _of_characteristics(facts: Facts) -> Iterator[LiveCount]:
    lines = {line.slug: line for version in facts.versions for line in version.lines}
    selected = facts.cohort.selected
    for line in lines.values():
        told = {
            "cases_with_characteristic": ("present", line.present),
            "cases_without_characteristic": ("absent", line.absent),
            "cases_characteristic_not_known": ("not known", line.not_known),
        }
        for kind, (answer, count) in told.items():
            name = f"{line.name}: {answer}"
            yield _part(f"{kind}:{line.slug}", CHARACTERISTICS, name, count, selected, "case")


def grouped(counts: list[LiveCount]) -> list[tuple[str, list[LiveCount]]]:
    """The counts by group, in order."""
    groups: dict[str, list[LiveCount]] = {}
    for count in counts:
        groups.setdefault(count.group, []).append(count)
    return list(groups.items())
