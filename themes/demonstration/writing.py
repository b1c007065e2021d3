"""The last part of the demonstration: the written sections of the report, and what agencies are to learn."""

from datetime import timedelta

from django.utils import timezone

from cases.models import Review
from kscmp_review.accounts.models import User
from themes.actions import acceptances, following_up, learning, report
from themes.demonstration.content import read
from themes.models import Theme
from themes.report.checks import outcome_of
from themes.report.document import material_of


def write_report(review: Review, by: User) -> None:
    """Start the report and write each section; by a reviewer, both of the business team may release it."""
    written = {section["key"]: section for section in read("report")["sections"]}
    for section in report.start(review=review, by=by):
        words = written[section.key]
        report.change_section(
            section=section, heading=words["heading"], body=words["body"], revision=section.revision, by=by
        )


def accept_what_was_found(review: Review, by: User) -> None:
    """Accept, with the reason on file, what the checks find in the report; what has none stays in the way."""
    on_file = read("acceptances")["accepted"]
    blocking = outcome_of(material_of(review)).blocking
    reasons = {
        problem.fingerprint: entry["reason"]
        for problem in blocking
        for entry in on_file
        if entry["check"] == problem.check.slug and entry["says"] in problem.sentence
    }
    acceptances.accept_several(review=review, reasons=reasons, by=by)


def write_learning(review: Review, by: User, followed_up_by: User) -> None:
    """The learning points, by a reviewer, and what the business team has heard of them since."""
    themes = {theme.slug: theme for theme in Theme.objects.of(review)}
    today = timezone.localdate()
    for entry in read("learning")["points"]:
        said = learning.Point(
            text=entry["text"],
            audiences=entry["audiences"],
            owner=entry["owner"],
            due_on=today + timedelta(days=entry["due_in_days"]),
            themes=[themes[slug] for slug in entry["themes"]],
        )
        point = learning.add(review=review, point=said, by=by)
        for number, step in enumerate(entry.get("steps", [])):
            following_up.record_step(point=point, seen=number, by=followed_up_by, **step)
