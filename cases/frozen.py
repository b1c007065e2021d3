"""The selection as it stood: one record that holds all of rule 6, and the digest that proves it unchanged."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from cases.models import Answer, Decision, ProfileLine, Review, Selection
from cases.ranking import RankedRow, Ranking

# 2 added the flow by district and the names behind the addresses; a record of 1 is read as it is.
FORMAT = 2


def freeze(selection: Selection, ranking: Ranking, *, note: str = "") -> dict[str, Any]:
    """Profile, criteria, answers, counts, ranks, decisions, reasons, who and when; never a Liberi ID."""
    decisions = {
        decision.case_id: decision
        for decision in selection.decisions.select_related("decided_by").filter(case__withdrawn_at=None)
    }
    cases = ranking.cases().select_related("district").prefetch_related("answers__characteristic")
    people = {decision.decided_by for decision in decisions.values()} | {selection.confirmed_by}
    return {
        "format": FORMAT,
        "review": selection.review.slug,
        "selection": selection.number,
        "confirmed_at": _moment(selection.confirmed_at),
        "confirmed_by": selection.confirmed_by.email if selection.confirmed_by else None,
        "note": note.strip(),
        "criteria": {
            "wanted": ranking.criteria.wanted,
            "minimum": ranking.criteria.minimum,
            "minimum_per_district": ranking.criteria.minimum_per_district,
        },
        "people": {person.email: person.name for person in people if person},
        "suggested": ranking.cutoff.suggested,
        "flow": _flow(selection.review),
        "profile": {
            "version": ranking.profile.number,
            "characteristics": [_line(line) for line in ranking.lines],
        },
        "cases": [_case(ranking.row(case), decisions.get(case.pk)) for case in cases],
    }


def digest_of(record: dict[str, Any]) -> str:
    """SHA-256 of the record as canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _flow(review: Review) -> list[dict[str, str | int]]:
    """By district, in order: how many cases were asked for, submitted in all, and withdrawn again."""
    districts = review.districts.annotate(
        submitted=Count("cases"), withdrawn=Count("cases", filter=Q(cases__withdrawn_at__isnull=False))
    )
    return [
        {
            "district": district.name,
            "asked": review.cases_per_district,
            "submitted": district.submitted,
            "withdrawn": district.withdrawn,
        }
        for district in districts.order_by("order")
    ]


def _line(line: ProfileLine) -> dict[str, str]:
    return {"slug": line.characteristic.slug, "name": line.name, "tier": line.tier}


def _case(row: RankedRow, decision: Decision | None) -> dict[str, Any]:
    given = {answer.characteristic.slug: answer for answer in row.case.answers.all()}
    return {
        "case": row.case.public_id,
        "district": row.district,
        "sequence": row.case.sequence,
        "letter": row.case.letter,
        "rank": row.rank,
        "match_count": row.counts.match_count,
        "key_count": row.counts.key_count,
        "not_known": row.counts.not_known,
        "lowest": row.lowest,
        "highest": row.highest,
        "standing": row.standing,
        "suggested": row.suggested,
        "answers": {slug: _answer(given.get(slug), presence) for slug, presence in row.answers.items()},
        "decision": _decision(decision),
    }


def _answer(answer: Answer | None, presence: str) -> dict[str, str | None]:
    return {
        "presence": presence,
        "reported": answer.reported if answer else None,
        "verified": answer.verified if answer else None,
    }


def _decision(decision: Decision | None) -> dict[str, str | None] | None:
    if decision is None:
        return None
    return {
        "outcome": decision.outcome,
        "suggested": decision.suggested,
        "reason": decision.reason,
        "decided_by": decision.decided_by.email,
        "decided_at": _moment(decision.decided_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
