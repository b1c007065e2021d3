"""Running the checks. One that cannot run is a problem itself: what was not looked at is not released."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed

from django.db import transaction

from themes.models import ReportAcceptance
from themes.report.checks.looked_at import Looked, looked_at
from themes.report.checks.problem import ANYWHERE, Check, Found, Problem, problem_of
from themes.report.checks.registry import CHECKS
from themes.report.document import Material

COULD_NOT_RUN = "What was not looked at is not released."
WHOM_TO_ASK = "Try again; if it stays, tell whoever keeps this service running."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands in the way of release, and what would, had it not been accepted with a reason."""

    blocking: tuple[Problem, ...]
    accepted: tuple[tuple[Problem, ReportAcceptance], ...]

    def problem(self, fingerprint: str) -> Problem | None:
        """The problem in the way that has this fingerprint."""
        return next((each for each in self.blocking if each.fingerprint == fingerprint), None)


def outcome_of(material: Material) -> Outcome:
    """All that the checks find, in their order, in a number of queries that does not depend on the report."""
    accepted = {acceptance.fingerprint: acceptance for acceptance in material.accepted}
    looked = looked_at(material)
    found = [problem for check in CHECKS.values() for problem in _problems(check, looked)]
    blocking, taken = [], []
    for problem in dict.fromkeys(found):
        acceptance = accepted.get(problem.fingerprint) if problem.check.acceptable else None
        if acceptance is None:
            blocking.append(problem)
        else:
            taken.append((problem, acceptance))
    return Outcome(tuple(blocking), tuple(taken))


def problems_of(material: Material) -> list[Problem]:
    """What stands in the way of release; empty where the report may go forward."""
    return list(outcome_of(material).blocking)


def _problems(check: Check, looked: Looked) -> Iterator[Problem]:
    try:
        with transaction.atomic():
            found = list(check.look(looked))
    except Exception:  # noqa: BLE001 - whatever went wrong, the report was not looked at for this
        sentence = f"The check “{check.title}” could not run, so the report cannot be released."
        found = [Found(sentence, ANYWHERE, "could not run", remedy=WHOM_TO_ASK)]
        check = changed(check, why=COULD_NOT_RUN, acceptable=False)
    return (problem_of(check, each, looked.review.pk) for each in found)
