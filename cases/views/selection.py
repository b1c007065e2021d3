"""The ranking, what needs deciding in it, and comparing two of its cases."""

import io
from collections.abc import Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cases import words
from cases.actions.exports import record_ranking_export
from cases.actions.selections import needs_reason
from cases.actions.viewing import record_view_of_case
from cases.attention import Particulars, arrived, attention, cases_needing_attention, particulars_of
from cases.closeness import IndexCases, index_cases_of
from cases.count_chart import count_chart
from cases.exports import CONTENT_TYPES, FORMATS, unmoving, write_ranking
from cases.forms.selection import CompareForm, ShownForm, WhatIfForm
from cases.models import Answer, Case, District, ProfileLine, Review
from cases.paging import pages_of
from cases.permissions import Permission
from cases.ranking import RankedRow, Ranking, rank_by, rank_review
from cases.robust import problems
from cases.selecting import (
    Progress,
    Version,
    rounds_of,
    versions_of,
)
from cases.shown import cases_to_show, read_decision
from cases.views.access import load_review, person
from kscmp_review.replica.pages import may_read_replica

OFFERED_TO_COMPARE = 200
SORTED_HEADS = ("rank", "district", "matches", "highest", "standing", "suggestion", "decision")


class TableRow(NamedTuple):
    """A row of the table: the ranking's, its answers as drawn, what was decided, and whether that must be
    looked at again."""

    ranked: RankedRow
    cells: list[SafeString]
    range: str
    closeness: float | None
    outcome: str
    again: bool


@may_read_replica
@require_safe
def selection(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.SELECT)
    versions, districts, rounds = versions_of(review), list(review.districts.all()), rounds_of(review)
    what_if = WhatIfForm(request.GET, review=review, versions=versions, districts=len(districts))
    show = ShownForm(request.GET, districts=districts, lines=what_if.lines)
    ranking = ranking_asked_for(review, what_if)
    newest = rounds[0] if rounds else None
    page = pages_of(ranking, show.shown(), newest).get_page(request.GET.get("page"))
    on_page = list(page.object_list)
    needing = cases_needing_attention(ranking, newest, on_page)
    shown = [*on_page, *needing]
    name_districts(shown, districts)
    read = particulars_of(shown)
    index = index_cases_of(review, ranking.lines)
    rows = [table_row(ranking, case, read, index) for case in on_page]
    progress = Progress(review, ranking, len(districts) * review.cases_per_district, rounds)
    to_decide = attention(ranking, needing, read)
    context = {
        "progress": progress,
        "ranking": ranking,
        "attention": to_decide,
        "arrived": arrived(ranking, shown, read),
        "nested": [(name, [line.name for line in lines]) for name, lines in problems(ranking.lines).items()],
        "index": index,
        "answers_in_all": ranking.total * len(ranking.lines),
        "to_accept": progress.left_to_accept(to_decide),
        "first_undecided": next(iter(to_decide.tied_undecided), None),
        "export_formats": [("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("json", "JSON")],
        "page": page,
        "rows": rows,
        "tiers": tiers(ranking.lines),
        "chart": count_chart(
            [row.ranked for row in rows],
            characteristics=len(ranking.lines),
            minimum=ranking.criteria.minimum,
        ),
        "what_if": what_if,
        "show": show,
        "error_forms": [what_if, show],
        "narrowed": show.shown().narrows,
        "kept_by_show": kept(request.GET, what_if.fields),
        "kept_by_what_if": kept(request.GET, show.fields),
        "heads": heads(request.GET, show.shown().sort),
    }
    return render(request, "cases/selection/selection.html", context)


@may_read_replica
@require_safe
def selection_compare(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Two cases side by side, by the current profile."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    ranking = rank_review(review)
    cases = ranking.cases().select_related("district")
    named = [request.GET.get(name, "") for name in ("a", "b")]
    offered = list(cases[:OFFERED_TO_COMPARE])
    known = {case.public_id for case in offered}
    offered += cases.filter(public_id__in=[each for each in named if each not in known])
    form = CompareForm(request.GET, cases=offered)
    pair = form.pair()
    prefetch_related_objects(pair, "answers")
    for case in pair:
        record_view_of_case(case, person(request), page="compare", liberi_id=False)
    compared = [(ranking.row(case), answers_of(case)) for case in pair]
    lines = [
        (line, [(row.answers[line.slug], answers.get(line.characteristic_id)) for row, answers in compared])
        for line in ranking.lines
    ]
    context = {
        "form": form,
        "rows": [row for row, _ in compared],
        "lines": [(line, sides, len({presence for presence, _ in sides}) > 1) for line, sides in lines],
        "ranking": ranking,
    }
    return render(request, "cases/selection/compare.html", context)


def name_districts(cases: Iterable[Case], districts: Iterable[District]) -> None:
    """Give the cases their district out of those that have been read, so that they are not read again."""
    known = {district.pk: district for district in districts}
    for case in cases:
        if case.district_id in known:
            case.district = known[case.district_id]


def ranking_asked_for(review: Review, what_if: WhatIfForm, *, in_order: bool = False) -> Ranking:
    """By the version and criteria of the address; lines key first, or `in_order` of the profile."""
    version: Version = what_if.version
    return rank_by(
        review,
        version.profile,
        sorted(what_if.lines, key=attrgetter("order")) if in_order else what_if.lines,
        is_current=what_if.is_current,
        criteria=what_if.criteria(),
    )


@cache
def drawn_cell(presence: str, *, verified: bool, decisive: bool, arrived: bool) -> SafeString:
    """An answer, shape and word, and what is said beside it: drawn once for the hundreds of a page."""
    told = {"presence": presence, "verified": verified, "decisive": decisive, "arrived": arrived}
    return render_to_string("cases/selection/cell.html", told)


def table_row(ranking: Ranking, case: Case, read: Particulars, index: IndexCases) -> TableRow:
    row = ranking.row(case, read.given[case.pk])
    outcome, reason = read_decision(case)
    answered = {question.characteristic_id for question in read.answered(case)}
    arrived = {slug for characteristic, slug, _ in ranking.columns if characteristic in answered}
    return TableRow(
        ranked=row,
        cells=[
            drawn_cell(
                presence,
                verified=slug in row.verified,
                decisive=slug in row.decisive,
                arrived=slug in arrived,
            )
            for slug, presence in row.answers.items()
        ],
        range=words.range_in_words(row.lowest, row.highest),
        closeness=index.closeness(row.answers),
        outcome=outcome or "",
        again=bool(outcome) and not reason and needs_reason(suggested=row.suggested, outcome=outcome),
    )


def tiers(lines: Sequence[ProfileLine]) -> list[tuple[str, int]]:
    """(tier, number of columns) for the group heads; lines stand key first."""
    numbers: dict[str, int] = {}
    for line in lines:
        label = str(line.get_tier_display())
        numbers[label] = numbers.get(label, 0) + 1
    return list(numbers.items())


def answers_of(case: Case) -> dict[int, Answer]:
    """Characteristic → the answer as kept, with evidence and verification."""
    return {answer.characteristic_id: answer for answer in case.answers.all()}


def kept(asked: QueryDict, names: Any) -> list[tuple[str, str]]:
    """What one form of the page carries along for the other."""
    return [(name, str(asked[name])) for name in names if asked.get(name)]


def heads(asked: QueryDict, sort: str) -> dict[str, dict[str, str]]:
    """For each column that sorts: its address, and how it is sorted now."""
    found = {}
    query = asked.copy()
    query.pop("page", None)
    for name in SORTED_HEADS:
        query["sort"] = name
        down = name in {"matches", "highest"}
        current = name == (sort or "rank")
        found[name.replace("-", "_")] = {
            "url": f"?{query.urlencode()}#cases",
            "sort": ("descending" if down else "ascending") if current else "",
        }
    return found


@require_safe
def selection_export(request: HttpRequest, review_slug: str, file_format: str) -> HttpResponse:
    """The cases that the page shows for the same address, in its order, as a file."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    if file_format not in FORMATS:
        raise Http404("no such format")
    versions, districts = versions_of(review), list(review.districts.all())
    what_if = WhatIfForm(request.GET, review=review, versions=versions, districts=len(districts))
    show = ShownForm(request.GET, districts=districts, lines=what_if.lines)
    file = io.BytesIO()
    with unmoving():
        ranking = ranking_asked_for(review, what_if, in_order=True)
        selection = review.selections.newest_first().first()
        cases = cases_to_show(ranking, show.shown(), selection)
        write_ranking(ranking, file_format, file, cases)
        record_ranking_export(ranking, file_format=file_format, cases=cases.count(), by=person(request))
    name = f"{review.slug}-ranking-version-{ranking.profile.number}{'-what-if' if what_if.differs else ''}"
    response = HttpResponse(file.getvalue(), content_type=CONTENT_TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response
