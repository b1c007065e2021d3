"""Every action of this floor records its one event in its own transaction: no event, nothing written."""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from cases import actions
from cases.actions import (
    answers,
    drafts,
    imports,
    index_cases,
    liberi_ids,
    members,
    offers,
    profiles,
    retention,
    reviews,
    selections,
    staying_open,
    submissions,
)
from cases.actions.reviews import Settings
from cases.actions.submissions import Submission
from cases.imports import SheetCase
from cases.models import Case, District, Membership, Outcome, Question, Review, Role, Stage
from kscmp_review.accounts.models import Invitation, User
from kscmp_review.audit.models import AuditEvent
from tests import build

pytestmark = pytest.mark.django_db

SUBMISSION = Submission(
    liberi_id="0079",
    assessment_date=build.ASSESSED,
    answers={"housing-issues": submissions.Reported("present")},
)
ROW = SheetCase(row=2, liberi_id="0078", district="North", assessment_date=build.ASSESSED, answers={})
SETTINGS = Settings(title="A new title", districts=["North", "South"], cases_to_select=2, minimum_matches=2)


class NoAudit(RuntimeError):
    """What stands in for an audit that cannot be written."""


@dataclass
class Scene:
    """A review with three cases, a question and a district lead."""

    by: User
    newcomer: User
    review: Review
    case: Case
    question: Question
    lead: Membership

    @property
    def north(self) -> District:
        return District.objects.get(review=self.review, name="North")


def scene() -> Scene:
    bola = build.user("bola", opens_reviews=True)
    review = build.review(by=bola)
    nora = build.member(review, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
    case = build.case(review, "North", "0071", "pppp", by=bola)
    build.case(review, "South", "0072", "ppp?", by=bola)
    build.case(review, "South", "0073", "aaaa", by=bola)
    question = answers.ask(case=Case.objects.get(not_known_count=1), slug="family-history", by=bola)
    lead = Membership.objects.get(user=nora)
    return Scene(bola, build.user("nils"), review, case, question, lead)


def selecting() -> Scene:
    made = scene()
    reviews.move_to_stage(review=made.review, stage=Stage.SELECTING, by=made.by)
    return made


def decided() -> Scene:
    made = selecting()
    selections.accept_suggestions(review=made.review, by=made.by)
    return made


def confirmed() -> Scene:
    made = decided()
    selections.confirm(review=made.review, by=made.by)
    made.case.refresh_from_db()
    return made


def _with_draft() -> Scene:
    made = scene()
    drafts.keep(review=made.review, token="form", revision=0, typed="liberi_id=1", by=made.by)
    return made


def _with_offer() -> Scene:
    made = scene()
    offers.make(review=made.review, email=made.newcomer.email, role=Role.REVIEWER, by=made.by)
    return made


def _with_index_case() -> Scene:
    made = scene()
    index_cases.add(review=made.review, cases=[INDEX], by=made.by)
    return made


def _held() -> Scene:
    made = scene()
    retention.place_hold(review=made.review, reason="A complaint.", by=made.by)
    return made


INDEX = {"housing-issues": "present"}
Step = tuple[Callable[[], Scene], Callable[[Scene], Any]]
ACTIONS: dict[str, Step] = {
    "reviews.create": (
        scene,
        lambda s: reviews.create(slug="new", settings=SETTINGS, characteristics=build.LINES, by=s.by),
    ),
    "reviews.change_settings": (
        scene,
        lambda s: reviews.change_settings(review=s.review, settings=SETTINGS, by=s.by),
    ),
    "reviews.move_to_stage": (
        scene,
        lambda s: reviews.move_to_stage(review=s.review, stage=Stage.SELECTING, by=s.by),
    ),
    "profiles.change": (
        scene,
        lambda s: profiles.change(review=s.review, lines=build.LINES[:3], reason="Fewer.", by=s.by),
    ),
    "members.add": (
        scene,
        lambda s: members.add(review=s.review, user=s.newcomer, role=Role.REVIEWER, by=s.by),
    ),
    "members.change": (
        scene,
        lambda s: members.change(membership=s.lead, role=Role.REVIEWER, by=s.by),
    ),
    "offers.make": (
        scene,
        lambda s: offers.make(review=s.review, email=s.newcomer.email, role=Role.REVIEWER, by=s.by),
    ),
    "offers.send_again": (_with_offer, lambda s: offers.send_again(offer=s.review.offers.get(), by=s.by)),
    "offers.withdraw": (_with_offer, lambda s: offers.withdraw(offer=s.review.offers.get(), by=s.by)),
    "offers.accept": (
        lambda: replace(made := _with_offer(), by=made.newcomer),
        lambda s: offers.accept(offer=s.review.offers.get(), by=s.by),
    ),
    "members.end": (scene, lambda s: members.end(membership=s.lead, by=s.by)),
    "submissions.submit": (
        scene,
        lambda s: submissions.submit(review=s.review, district=s.north, submission=SUBMISSION, by=s.by),
    ),
    "submissions.change": (
        scene,
        lambda s: submissions.change(case=s.case, submission=SUBMISSION, revision=1, by=s.by),
    ),
    "submissions.withdraw": (scene, lambda s: submissions.withdraw(case=s.case, by=s.by)),
    "drafts.keep": (
        scene,
        lambda s: drafts.keep(review=s.review, token="form", revision=0, typed="liberi_id=1", by=s.by),
    ),
    "drafts.discard": (_with_draft, lambda s: drafts.discard(review=s.review, by=s.by)),
    "index_cases.add": (scene, lambda s: index_cases.add(review=s.review, cases=[INDEX], by=s.by)),
    "index_cases.change": (
        _with_index_case,
        lambda s: index_cases.change(
            index_case=s.review.index_cases.get(),
            answers={"housing-issues": "absent"},
            revision=1,
            by=s.by,
        ),
    ),
    "index_cases.remove": (
        _with_index_case,
        lambda s: index_cases.remove(index_case=s.review.index_cases.get(), by=s.by),
    ),
    "imports.import_cases": (
        scene,
        lambda s: imports.import_cases(review=s.review, cases=[ROW], by=s.by),
    ),
    "answers.verify": (
        scene,
        lambda s: build.verified(s.case, "housing-issues", "absent", by=s.by),
    ),
    "answers.ask": (
        lambda: _with_unknown(scene()),
        lambda s: answers.ask(case=s.case, slug="family-history", by=s.by),
    ),
    "answers.reply": (scene, lambda s: answers.reply(question=s.question, presence="absent", by=s.by)),
    "selections.decide": (
        selecting,
        lambda s: selections.decide(case=s.case, outcome=Outcome.RESERVE, reason="So.", by=s.by),
    ),
    "selections.accept_suggestions": (
        selecting,
        lambda s: selections.accept_suggestions(review=s.review, by=s.by),
    ),
    "selections.confirm": (decided, lambda s: selections.confirm(review=s.review, by=s.by)),
    "selections.reopen": (
        confirmed,
        lambda s: selections.reopen(review=s.review, reason="A wrong answer.", by=s.by),
    ),
    "retention.change_term": (
        scene,
        lambda s: retention.change_term(review=s.review, months=24, lawful_basis="", by=s.by),
    ),
    "retention.place_hold": (
        scene,
        lambda s: retention.place_hold(review=s.review, reason="A complaint.", by=s.by),
    ),
    "retention.lift_hold": (
        _held,
        lambda s: retention.lift_hold(review=s.review, reason="It is settled.", by=s.by),
    ),
    "staying_open.say_why": (
        scene,
        lambda s: staying_open.say_why(review=s.review, reason="A trial goes on.", by=s.by),
    ),
    "liberi_ids.reveal": (confirmed, lambda s: liberi_ids.reveal(case=s.case, by=s.by)),
}
# Parts of the actions above, which record for them; and the records of looking and exporting themselves.
PARTS = {
    "imports.check_user_can_import",
    "members.grant",
    "profiles.add_version",
    "profiles.rehearse",
    "reviews.enter_stage",
    "reviews.set_stage",
    "submissions.check_may_submit_in",
    "about_reviews.locked_to_manage",
    "about_reviews.record_about_review",
    "submissions.record_case",
    "exports.record_data_protection_export",
    "exports.record_ranking_export",
    "viewing.record_view_of_case",
    "viewing.record_view_of_submissions",
}


# Those about an invitation: the accounts, beneath, keep an event of their own (docs/adr/0046).
TWO = {"offers.make", "offers.send_again", "offers.withdraw", "offers.accept"}


def _with_unknown(made: Scene) -> Scene:
    build.verified(made.case, "family-history", "not known", by=made.by)
    return made


def everything() -> list[tuple[object, ...]]:
    """Every row of this floor, and the invitations beneath."""
    models: list[type[Model]] = [*apps.get_app_config("cases").get_models(), Invitation]
    return [row for model in models for row in model._base_manager.order_by("pk").values_list()]


@pytest.mark.parametrize("name", ACTIONS)
def test_action_and_its_event_stand_or_fall_together(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare, act = ACTIONS[name]
    made = prepare()
    before, events = everything(), AuditEvent.objects.count()

    def fail(**fields: object) -> None:
        raise NoAudit

    with monkeypatch.context() as patched:
        patched.setattr("kscmp_review.audit.record.AuditEvent", fail)
        with pytest.raises(NoAudit):
            act(made)
    assert everything() == before
    act(made)
    assert everything() != before
    written = AuditEvent.objects.newest_first()[: AuditEvent.objects.count() - events]
    assert len(written) == (2 if name in TWO else 1), [event.action for event in written]
    assert {event.actor_id for event in written} == {made.by.pk}


def test_every_action_is_proved_here() -> None:
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        loaded = import_module(f"cases.actions.{module.name}")
        for name, member in inspect.getmembers(loaded, inspect.isfunction):
            own = member.__module__ == loaded.__name__ and not name.startswith("_")
            if own and "by" in inspect.signature(member).parameters:
                found.add(f"{module.name}.{name}")
    assert found - PARTS == set(ACTIONS)
