"""Laying out, drafting and putting back: each action and its one event stand or fall together."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import report, report_drafts, report_template
from themes.models import PointDraft, ReportSection, ReportTemplate, SectionDraft
from themes.report.sections import Outline, standard_outline

pytestmark = pytest.mark.django_db
WRITTEN: tuple[type[models.Model], ...] = (ReportSection, ReportTemplate, SectionDraft, PointDraft)
MORE = [*standard_outline(), Outline("", "Thanks")]


class NoAudit(RuntimeError):
    pass


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    section = home.section()
    report.remove_section(section=section, revision=section.revision, by=home.team)
    keep_draft(home, SectionDraft, "thanks")
    keep_draft(home, PointDraft, "new")
    report_template.change(review=home.review, outline=MORE, revision=0, by=home.team)
    return home


def keep_draft(home: build.Reported, kind: type[report_drafts.ReportDraft], key: str) -> Any:
    return report_drafts.keep(
        kind=kind, review=home.review, key=key, token="t", revision=0, typed="body=Half", by=home.team
    )


ACTIONS: dict[str, Callable[[build.Reported], Any]] = {
    "report_template.change": lambda home: report_template.change(
        review=home.review, outline=standard_outline(), revision=1, by=home.team
    ),
    "report_drafts.keep": lambda home: keep_draft(home, SectionDraft, "context"),
    "report_drafts.discard": lambda home: report_drafts.discard(
        kind=SectionDraft, review=home.review, key="thanks", by=home.team
    ),
    "report_drafts.keep, of a learning point": lambda home: keep_draft(home, PointDraft, "12"),
    "report_drafts.discard, of a learning point": lambda home: report_drafts.discard(
        kind=PointDraft, review=home.review, key="new", by=home.team
    ),
    "report.add_from_template": lambda home: report.add_from_template(review=home.review, by=home.team),
    "report.restore_section": lambda home: report.restore_section(
        review=home.review, key="context", by=home.team
    ),
}


def everything() -> list[tuple[object, ...]]:
    return [row for model in WRITTEN for row in model._base_manager.order_by("pk").values_list()]


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_and_its_event_stand_or_fall_together(home, name, monkeypatch):
    before, events = everything(), AuditEvent.objects.count()

    def fail(**fields: object) -> None:
        raise NoAudit

    with monkeypatch.context() as patched:
        patched.setattr("kscmp_review.audit.record.AuditEvent", fail)
        with pytest.raises(NoAudit):
            ACTIONS[name](home)
    assert everything() == before
    ACTIONS[name](home)
    assert everything() != before
    assert AuditEvent.objects.count() == events + 1
    assert AuditEvent.objects.newest_first()[0].actor_id == home.team.pk


def test_every_event_about_a_review_names_it_by_its_short_name(home):
    report.add_from_template(review=home.review, by=home.team)
    about = AuditEvent.objects.filter(object_type="review")
    assert {"report.started", "report.extended"} <= set(about.values_list("action", flat=True))
    assert set(about.values_list("object_id", flat=True)) == {home.review.slug}
