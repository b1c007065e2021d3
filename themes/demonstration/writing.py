"""The last part of the demonstration: the written sections of the report."""

from cases.models import Review
from kscmp_review.accounts.models import User
from themes.actions import report
from themes.demonstration.content import read


def write_report(review: Review, by: User) -> None:
    """Start the report and write each section; by a reviewer, both of the business team may release it."""
    written = {section["key"]: section for section in read("report")["sections"]}
    for section in report.start(review=review, by=by):
        words = written[section.key]
        report.change_section(
            section=section, heading=words["heading"], body=words["body"], revision=section.revision, by=by
        )
