"""Releasing the report: put forward as it stands, approved by two people, then open to every member."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Case, Value, When, Window
from django.db.models.functions import Lag
from django.utils import timezone

from cases.errors import Refused
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Review
from cases.permissions import Permission, check_user_can
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions import acceptances
from themes.coding.counting import counted
from themes.models import Approval, LearningPoint, ReportSection, ReportVersion
from themes.report.briefing import freeze_briefings
from themes.report.checks import Outcome, outcome_of
from themes.report.document import Material, build, material_of
from themes.report.formats import FormatError
from themes.report.frozen import freeze
from themes.report.vocabulary import figures_of

APPROVALS_NEEDED = 2
ALONE = "You alone wrote this version. It is approved by people who did not write it by themselves."


@transaction.atomic
def propose(*, review: Review, by: User) -> ReportVersion:
    """Put the report forward as it stands: its HTML and annex are fixed, and its authors named.

    Raises Refused while a check finds a problem that is not accepted. What was accepted is fixed with it, and
    what was put forward before is overtaken.
    """
    review = _opened(review, by)
    material = material_of(review)
    if not any(part.body.strip() for part in material.parts):
        raise Refused("Nothing has been written yet.")
    outcome = _check(material)
    accepted = [acceptance for _, acceptance in outcome.accepted]
    fallen = acceptances.let_fall_away(review=review, keeping=accepted)
    material = replace(material, accepted=tuple(each for each in material.accepted if each in accepted))
    _check_says_something_new(material)
    own = ReportVersion.objects.filter(review=review)
    number = (own.aggregate(last=models.Max("number"))["last"] or 0) + 1
    now = timezone.now()
    document = build(material, on=timezone.localdate(now), version=number)
    own.proposed().update(overtaken_at=now)
    version = ReportVersion.objects.create(
        review=review,
        number=number,
        html=document.html,
        annex=document.annex,
        digest=document.digest,
        figures=figures_of(material.facts),
        proposed_by=by,
        proposed_at=now,
    )
    version.authors.set(authors_since_release(review))
    version.accepted.set(accepted)
    try:
        freeze_briefings(version, material)
    except FormatError as fault:
        raise Refused(f"The report cannot be put forward yet: {fault}") from fault
    _record("report.proposed", version, by, accepted=len(accepted), fallen_away=fallen)
    return version


@transaction.atomic
def approve(*, version: ReportVersion, by: User) -> ReportVersion:
    """Approve a version; the second approval, by another person, releases it.

    Raises Refused for who wrote it alone, and when the report would no longer read as it was put forward.
    """
    review = _opened(version.review, by)
    version = ReportVersion.objects.get(pk=version.pk)
    version.review = review
    _check_may_be_approved(version, by)
    material = material_of(review)
    _check(material)
    if not still_reads_so(version, material):
        raise Refused(
            "Findings, tags or interviews have changed since this version was put forward, and the report "
            "would read otherwise now. Put it forward again."
        )
    Approval.objects.create(version=version, approved_by=by)
    if version.approvals.count() >= APPROVALS_NEEDED:
        _release(version, by)
    else:
        _record("report.approved", version, by)
    return version


def _release(version: ReportVersion, by: User) -> None:
    """Every format is made now and kept: what is downloaded later is these bytes.

    The event says that it was released, by the approval that did it: one request, one event.
    """
    try:
        digests = freeze(version)
    except FormatError as fault:
        raise Refused(f"The version cannot be released yet: {fault}") from fault
    # Last: from here on the database lets nobody change or add anything.
    version.released_at = timezone.now()
    version.save(update_fields=["released_at"])
    _record("report.released", version, by, files=digests)


def approval_refusal(version: ReportVersion, by: User) -> str:
    """Why this person cannot approve this version, in a sentence; empty where they can."""
    if version.released_at is not None:
        return "This version has been released already."
    if version.overtaken_at is not None:
        return "This version has been overtaken: the report was changed or put forward again since."
    if {author.pk for author in version.authors.all()} == {by.pk}:
        return ALONE
    if by.pk in {approval.approved_by_id for approval in version.approvals.all()}:
        return "You have approved this version. Somebody else gives the second approval."
    return ""


def still_reads_so(version: ReportVersion, material: Material) -> bool:
    """Whether the report, built now, would be this version word for word."""
    on = timezone.localdate(version.proposed_at)
    return build(material, on=on, version=version.number, leave_unknown=True).digest == version.digest


def authors_since_release(review: Review) -> list[User]:
    """Who wrote words of a section or a learning point since the last release.

    To move or remove something, or to save what stands, is no writing, and what has gone since is in no
    version: a second person could make themselves an author by it, and so let the one who wrote everything
    approve. Where nobody wrote a word, those who changed something made the version.
    """
    last = ReportVersion.objects.released().filter(review=review).order_by("-released_at").first()
    saves = [
        *_saves(
            ReportSection.history.filter(review=review),
            ("key", "body", "heading"),
            standing=ReportSection.objects.filter(review=review).values_list("key", flat=True),
        ),
        *_saves(
            LearningPoint.history.filter(review=review),
            ("id", "text", "owner"),
            standing=LearningPoint.objects.of(review).standing().values_list("pk", flat=True),
        ),
    ]
    late = [save for save in saves if last is None or save.at > last.proposed_at]
    wrote = {save.by for save in late if save.wrote}
    return list(User.objects.filter(pk__in=wrote or {save.by for save in late}))


class Save(NamedTuple):
    at: datetime
    by: int
    wrote: bool


def _saves(history: Any, fields: tuple[str, str, str], *, standing: Iterable[Any]) -> Iterator[Save]:
    """Each save of a text, held against the one before: whether its words are others. Not its laying out.

    `fields`: what names the text, its words, and its other words. Of a text that is not among those
    `standing` no save counts as writing.
    """
    key, text, more = fields
    still = set(standing)
    earlier = {
        f"earlier_{words}": Window(Lag(words), partition_by=models.F(key), order_by="history_id")
        for words in (text, more)
    }
    same = {words: models.F(f"earlier_{words}") for words in (text, more)}
    rows = history.annotate(
        **earlier,
        wrote=Case(When(**same, then=Value(False)), default=Value(True)),
        laid_out=Case(When(history_type="+", **{text: ""}, then=Value(True)), default=Value(False)),
    )
    for at, by, wrote, laid_out, named in rows.order_by().values_list(
        "history_date", "changed_by", "wrote", "laid_out", key
    ):
        if not laid_out:
            yield Save(at, by, wrote and named in still)


def _opened(review: Review, by: User) -> Review:
    """The review, locked: this person may release its report, now."""
    check_user_can(by, review, Permission.RELEASE_REPORT)
    review = Review.objects.select_for_update().get(pk=review.pk)
    check_stage_allows(review, Activity.RELEASE_REPORT)
    return review


def _check(material: Material) -> Outcome:
    outcome = outcome_of(material)
    if outcome.blocking:
        found = counted(len(outcome.blocking), "problem")
        raise Refused(f"The checks found {found}: put right or accept what they list first.")
    return outcome


def _check_says_something_new(material: Material) -> None:
    versions = ReportVersion.objects.filter(review=material.review, overtaken_at=None)
    standing = versions.newest_first().first()
    if standing is None or not still_reads_so(standing, material):
        return
    state = "released" if standing.released_at else "put forward"
    raise Refused(f"Version {standing.number}, which has been {state}, says the same already.")


def _check_may_be_approved(version: ReportVersion, by: User) -> None:
    refusal = approval_refusal(version, by)
    if refusal:
        raise Refused(refusal)


def _record(action: str, version: ReportVersion, by: User, **more: int | dict[str, str]) -> None:
    record(
        action,
        by=by,
        review_id=version.review.pk,
        object_type="report version",
        object_id=str(version.number),
        after={
            "digest": version.digest,
            "authors": version.authors.count(),
            "approvals": version.approvals.count(),
            **more,
        },
    )
