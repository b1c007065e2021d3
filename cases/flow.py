"""How the cases of a confirmed selection came to be chosen, in numbers that add up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cases.models import Outcome


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One district's cases, or all of them; `asked` to `withdrawn` are None where they were not recorded."""

    asked: int | None
    submitted: int | None
    withdrawn: int | None
    ranked: int
    qualify: int
    selected: int
    reserve: int
    not_selected: int

    @property
    def adds_up(self) -> bool:
        """Nobody was lost on the way from submission to decision."""
        decided = self.selected + self.reserve + self.not_selected
        if decided != self.ranked or self.qualify > self.ranked:
            return False
        return self.submitted is None or self.submitted - (self.withdrawn or 0) == self.ranked


def flow_of(record: Mapping[str, Any]) -> tuple[dict[str, Flow], Flow]:
    """The flow by district, in the review's order, and in all, from the record of a confirmed selection."""
    asked = {row["district"]: row for row in record.get("flow", [])}
    named = [*asked, *sorted({case["district"] for case in record["cases"]} - set(asked))]
    districts = {name: _of_district(record, name, asked.get(name, {})) for name in named}
    return districts, _sum_of(list(districts.values()))


def _of_district(record: Mapping[str, Any], name: str, asked: Mapping[str, int]) -> Flow:
    cases = [case for case in record["cases"] if case["district"] == name]
    outcomes = Counter(case["decision"]["outcome"] for case in cases if case["decision"])
    return Flow(
        asked=asked.get("asked"),
        submitted=asked.get("submitted"),
        withdrawn=asked.get("withdrawn"),
        ranked=len(cases),
        qualify=sum(case["match_count"] >= record["criteria"]["minimum"] for case in cases),
        selected=outcomes[Outcome.SELECTED],
        reserve=outcomes[Outcome.RESERVE],
        not_selected=outcomes[Outcome.NOT_SELECTED],
    )


def _sum_of(flows: list[Flow]) -> Flow:
    def total(name: str) -> Any:
        numbers = [getattr(flow, name) for flow in flows]
        return None if None in numbers else sum(numbers)

    return Flow(**{field.name: total(field.name) for field in fields(Flow)})
