"""What keeps a report from being put forward or released.

A module a subject: each looks at the report for one thing and says what it found, where, and why it matters.
`registry.CHECKS` lists them, `running` runs them. What each finds and misses is measured in `docs/checks.md`.
"""

from themes.report.checks.problem import Problem
from themes.report.checks.registry import CHECKS
from themes.report.checks.running import Outcome, outcome_of, problems_of

__all__ = ["CHECKS", "Outcome", "Problem", "outcome_of", "problems_of"]
