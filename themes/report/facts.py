"""Every figure of the report, computed from the database when it is built (rule 8).

The number of queries does not depend on how many cases, findings or tags a review has. Nothing here holds a
Liberi ID, a person's name or a case letter (rule 7).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from cases.differences import differences
from cases.models import Answer, Case, Presence, ProfileVersion, Review, Tier
from themes.models import Finding, Interview, InterviewStatus, RecordKind, Strand, Theme
from themes.report.choosing import Choosing, choosing, people
from themes.report.compared import Comparison, compared
from themes.report.found import TagRow, ThemeFound, tag_rows, themes_found
from themes.report.read_twice import ReadTwice, read_twice


@dataclass(frozen=True, slots=True)
class Cohort:
    """From asked to selected. `fewest` and `most` are match counts among the selected, None without any."""

    asked: int
    submitted: int
    withdrawn: int
    qualifying: int
    selected: int
    fewest: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class DistrictFound:
    name: str
    selected: int


@dataclass(frozen=True, slots=True)
class CharacteristicFound:
    """How many of the selected cases gave each answer; a missing answer is not known (rule 1)."""

    slug: str
    name: str
    tier: str
    present: int
    absent: int
    not_known: int


@dataclass(frozen=True, slots=True)
class VersionFound:
    """A version of the profile; `reaching` counts the selected cases that reach the minimum by it."""

    number: int
    made_on: date
    reason: str
    lines: tuple[CharacteristicFound, ...]
    differences: tuple[str, ...]
    reaching: int


@dataclass(frozen=True, slots=True)
class KindRead:
    """One kind of record: findings written from it, and cases they are about."""

    name: str
    findings: int
    cases: int


@dataclass(frozen=True, slots=True)
class Facts:
    """`interviews` holds one status an interview on record of a selected case; `findings_marked` counts the
    findings of each expectation and each quality.
    """

    cohort: Cohort
    districts: tuple[DistrictFound, ...]
    versions: tuple[VersionFound, ...]
    themes: tuple[ThemeFound, ...]
    tags: tuple[TagRow, ...]
    records: tuple[KindRead, ...]
    interviews: tuple[str, ...]
    quoting_agreed: int
    choosing: Choosing
    people: tuple[str, ...]
    comparison: Comparison
    read_twice: ReadTwice
    findings_marked: Mapping[str, int] = field(default_factory=dict)

    @property
    def current(self) -> VersionFound:
        return self.versions[-1]

    @property
    def interviews_done(self) -> int:
        return self.interviews.count(InterviewStatus.DONE)

    def in_strand(self, strand: str) -> list[ThemeFound]:
        """Themes of one strand that some case has; circular ones last, since they found nothing (rule 10)."""
        found = [theme for theme in self.themes if theme.strand == strand and theme.cases]
        return sorted(found, key=lambda theme: bool(theme.restates))

    @property
    def findings_written(self) -> int:
        return sum(kind.findings for kind in self.records)

    def most_found(self) -> list[tuple[str, int, list[str]]]:
        """Each strand that has any, with its themes in most cases; circular ones found nothing (rule 10)."""
        told = []
        for strand in Strand:
            found = [theme for theme in self.in_strand(strand) if not theme.restates]
            most = max((theme.cases for theme in found), default=0)
            if most:
                told.append((strand.label, most, [theme.name for theme in found if theme.cases == most]))
        return told

    @property
    def circular(self) -> list[ThemeFound]:
        return [theme for theme in self.every_theme() if theme.restates and theme.cases]

    def every_theme(self) -> Iterator[ThemeFound]:
        """Themes and sub-themes, in codebook order."""
        for theme in self.themes:
            yield theme
            yield from theme.sub_themes


def gather(review: Review) -> Facts:
    """All figures of one review as it stands."""
    districts = _districts(review)
    versions = list(review.profile_versions.order_by("number").with_lines())
    names = {line.characteristic_id: line.name for version in versions for line in version.lines.all()}
    themes = Theme.objects.of(review).in_use().in_codebook_order()
    tags = tag_rows(review)
    interviews = list(
        Interview.objects.of_selected_cases(review).order_by("pk").values_list("status", "quoting_agreed")
    )
    cohort = _cohort(review, len(districts))
    told = _versions(review, versions, cohort.selected)
    current = [(line.slug, line.name, line.present, line.absent) for line in told[-1].lines]
    return Facts(
        cohort=cohort,
        districts=tuple(districts),
        versions=told,
        themes=tuple(themes_found(list(themes), tags, names)),
        tags=tuple(tags),
        records=_records(review),
        interviews=tuple(status for status, _ in interviews),
        quoting_agreed=sum(
            status == InterviewStatus.DONE and agreed is True for status, agreed in interviews
        ),
        choosing=choosing(review),
        people=people(review),
        comparison=compared(review, current, cohort.selected),
        read_twice=read_twice(review),
        findings_marked=_findings_marked(review),
    )


def _districts(review: Review) -> list[DistrictFound]:
    """Counts of the selected cases alone: no other table of the report knows of districts (rule 12)."""
    selected = Q(cases__withdrawn_at=None) & ~Q(cases__letter="")
    counted = review.districts.order_by("order").annotate(number=Count("cases", filter=selected))
    return [DistrictFound(district.name, district.number) for district in counted]


def _cohort(review: Review, districts: int) -> Cohort:
    live = Q(withdrawn_at=None)
    selected = live & ~Q(letter="")
    counted = Case.objects.of(review).aggregate(
        submitted=Count("pk", filter=live),
        withdrawn=Count("pk", filter=~live),
        qualifying=Count("pk", filter=live & Q(match_count__gte=review.minimum_matches)),
        selected=Count("pk", filter=selected),
        fewest=Min("match_count", filter=selected),
        most=Max("match_count", filter=selected),
    )
    return Cohort(asked=districts * review.cases_per_district, **counted)


def _versions(review: Review, versions: Sequence[ProfileVersion], selected: int) -> tuple[VersionFound, ...]:
    answers = (
        Answer.objects.filter(case__review=review, case__withdrawn_at=None)
        .exclude(case__letter="")
        .values_list("case_id", "characteristic_id", "presence")
    )
    given: dict[tuple[int, str], set[int]] = {}
    for case, characteristic, presence in answers:
        given.setdefault((characteristic, presence), set()).add(case)
    found, before = [], None
    for version in versions:
        found.append(_version(version, before, given, selected, review.minimum_matches))
        before = version
    return tuple(found)


def _version(
    version: ProfileVersion,
    before: ProfileVersion | None,
    given: dict[tuple[int, str], set[int]],
    selected: int,
    minimum: int,
) -> VersionFound:
    lines, matches = [], Counter[int]()
    for line in version.lines.all():
        present = given.get((line.characteristic_id, Presence.PRESENT), set())
        absent = given.get((line.characteristic_id, Presence.ABSENT), set())
        matches.update(present)
        lines.append(
            CharacteristicFound(
                slug=line.slug,
                name=line.name,
                tier=Tier(line.tier).label,
                present=len(present),
                absent=len(absent),
                not_known=selected - len(present) - len(absent),
            )
        )
    return VersionFound(
        number=version.number,
        made_on=timezone.localdate(version.created_at),
        reason=version.reason,
        lines=tuple(lines),
        differences=tuple(differences(before, version)),
        reaching=sum(count >= minimum for count in matches.values()) if minimum else selected,
    )


def _records(review: Review) -> tuple[KindRead, ...]:
    counted = (
        Finding.objects.of_selected_cases(review)
        .order_by()
        .values_list("record_kind")
        .annotate(Count("pk"), Count("case", distinct=True))
    )
    found = {kind: (findings, cases) for kind, findings, cases in counted}
    return tuple(KindRead(label, *found[kind]) for kind, label in RecordKind.choices if kind in found)


def _findings_marked(review: Review) -> dict[str, int]:
    marked = Finding.objects.of_selected_cases(review).order_by().values_list("expectation", "quality")
    counts = Counter[str]()
    for expectation, quality, findings in marked.annotate(Count("pk")):
        counts[expectation] += findings
        counts[quality] += findings
    return dict(counts)
