"""Whether a confirmed selection on record is what was confirmed, and follows from what it says of itself.

The digest alone would not do: whoever can change the record can write a new one. The audit has it too, in a
chain that cannot be mended without its key, and the ranking is worked out again from the answers on record.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.erased_selection import is_erased
from cases.flow import flow_of
from cases.frozen import digest_of
from cases.matching import CaseAnswers, Characteristic, Criteria, Profile, ranking_table
from cases.models import Case, Selection
from kscmp_review.audit.models import AuditEvent

WORKED_OUT = (
    "rank", "match_count", "key_count", "not_known", "lowest", "highest", "standing", "suggested",
)  # fmt: skip


def problems_of(selection: Selection) -> list[str]:
    """A sentence for each thing that does not hold; empty where all does. `selection` must be confirmed.

    An erased one says no more than its digest, which the audit must have still.
    """
    if is_erased(selection.frozen or {}):
        return list(_problems_of_digest(selection))
    return list(_problems(selection))


def _problems_of_digest(selection: Selection) -> Iterator[str]:
    in_audit = _digest_in_audit(selection)
    if in_audit is None:
        yield "the audit has no event of its confirmation"
    elif in_audit != selection.digest:
        yield "the audit has another digest than the record"


def _problems(selection: Selection) -> Iterator[str]:
    record: dict[str, Any] = selection.frozen or {}
    if digest_of(record) != selection.digest:
        yield "the record does not have its digest: it has been changed since it was confirmed"
    yield from _problems_of_digest(selection)
    districts, total = flow_of(record)
    if not all(flow.adds_up for flow in [*districts.values(), total]):
        yield "its numbers of cases do not add up"
    wrong = _ranked_otherwise(record)
    if wrong:
        yield f"the ranking does not follow from the answers on record: {', '.join(wrong)}"
    if _decisions_on_record(record) != _decisions_kept(selection):
        yield "the decisions kept beside it differ from those on record"
    if selection.reopened_at is None and _letters_on_record(record) != _letters_given(selection):
        yield "the letters of the cases differ from those on record"


def _digest_in_audit(selection: Selection) -> str | None:
    event = (
        AuditEvent.objects.of_review(selection.review_id)
        .about("selection", str(selection.number))
        .filter(action="selection.confirmed")
        .first()
    )
    return event.after.get("digest") if event else None


def _ranked_otherwise(record: Mapping[str, Any]) -> list[str]:
    """Cases whose place on record is not the one that rules 1 to 4 give for the answers on record."""
    lines = record["profile"]["characteristics"]
    profile = Profile(tuple(Characteristic(line["slug"], line["tier"]) for line in lines))
    cases = [
        CaseAnswers(
            key=case["case"],
            district=case["district"],
            sequence=case["sequence"],
            answers={slug: answer["presence"] for slug, answer in case["answers"].items()},
        )
        for case in record["cases"]
    ]
    asked = record["criteria"]
    criteria = Criteria(asked["wanted"], asked["minimum"], asked["minimum_per_district"])
    worked_out = {row.key: row for row in ranking_table(cases, profile, criteria).rows}
    return [
        case["case"]
        for case in record["cases"]
        if any(case[name] != getattr(worked_out[case["case"]], name) for name in WORKED_OUT)
    ]


def _decisions_on_record(record: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {
        case["case"]: (case["decision"]["outcome"], case["decision"]["reason"])
        for case in record["cases"]
        if case["decision"]
    }


def _decisions_kept(selection: Selection) -> dict[str, tuple[str, str]]:
    """Of the cases that were live when it was confirmed: none is withdrawn while it stands."""
    kept = selection.decisions.filter(case__in=_cases_on_record(selection))
    return {
        decision.case.public_id: (decision.outcome, decision.reason)
        for decision in kept.select_related("case")
    }


def _cases_on_record(selection: Selection) -> Any:
    named = [case["case"] for case in (selection.frozen or {})["cases"]]
    return Case.objects.filter(review=selection.review_id, public_id__in=named)


def _letters_on_record(record: Mapping[str, Any]) -> dict[str, str]:
    return {case["case"]: case["letter"] for case in record["cases"] if case["letter"]}


def _letters_given(selection: Selection) -> dict[str, str]:
    lettered = Case.objects.filter(review=selection.review_id).exclude(letter="")
    return dict(lettered.values_list("public_id", "letter"))
