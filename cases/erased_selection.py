"""What stays of a confirmed selection when its cases are erased: numbers over all districts, and no case.

A number by district is a small one (rule 12), so only the sums stay. The digest stays too: it is in the audit
and on the printed record, and proves which of these was the one confirmed.
"""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from cases.flow import flow_of

STAYS = ("format", "review", "selection", "confirmed_at", "confirmed_by", "criteria", "suggested", "profile")
REASON = "Erased with the case data."


def without_cases(record: dict[str, Any]) -> dict[str, Any]:
    """The record of a confirmed selection without any case or reason, or person but who confirmed it."""
    _, total = flow_of(record)
    kept = {name: record[name] for name in STAYS if name in record}
    return {**kept, "cases": [], "erased": True, "totals": asdict(total)}


def is_erased(record: dict[str, Any]) -> bool:
    return bool(record.get("erased"))


def erase_cases(selections: "QuerySet[Any]") -> int:
    """Leave of each selection what stays; returns how many were changed."""
    changed = 0
    for selection in selections.select_for_update():
        if selection.frozen is not None and not is_erased(selection.frozen):
            selection.frozen = without_cases(selection.frozen)
            changed += 1
        if selection.reopened_because:
            selection.reopened_because = REASON
        selection.save(update_fields=["frozen", "reopened_because"])
    return changed
