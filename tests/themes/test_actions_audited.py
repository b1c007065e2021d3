"""Every action of this floor records one event in its own transaction: no event, nothing written."""

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import models

from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests.build import reviewer
from tests.themes import build
from themes import actions
from themes.actions import (
    codebook,
    exchange,
    findings,
    following_up,
    interviews,
    learning,
    matrix,
    notes,
    passages,
    records_read,
    reshaping,
    second_reading,
    topic_guide,
    writing,
)
from themes.actions.entries import Entry
from themes.exchange.material import text_guid
from themes.exchange.refi import Code, Coding, Project, Source
from themes.models import (
    Cell,
    CodebookStep,
    Finding,
    FollowUp,
    Interview,
    InterviewNote,
    LearningPoint,
    Passage,
    RecordRead,
    SecondReading,
    SecondTag,
    Settlement,
    Strand,
    Tag,
    Theme,
    TopicQuestion,
    WritingDraft,
)

pytestmark = pytest.mark.django_db
WRITTEN: tuple[type[models.Model], ...] = (
    Cell,
    CodebookStep,
    Finding,
    FollowUp,
    Interview,
    InterviewNote,
    LearningPoint,
    Passage,
    RecordRead,
    SecondReading,
    SecondTag,
    Settlement,
    Tag,
    Theme,
    TopicQuestion,
    WritingDraft,
)
FINDING: dict[str, Any] = {
    "record_kind": "case note",
    "expectation": "beyond",
    "quality": "strength",
    "record_date": None,
}


class NoAudit(RuntimeError):
    pass


class Scene:
    """One of everything that an action may be done to."""

    third: User
    read_twice: Finding
    reading: SecondReading

    def __init__(self) -> None:
        self.home = home = build.house()
        self.case, self.by = home.cases[0], home.reviewer
        self.theme, self.second = build.theme(home, "Supervision"), build.theme(home, "Agency checks")
        self.retired = codebook.retire(theme=build.theme(home, "Old"), by=self.by)
        self.finding = build.finding(home, "Six replies came.")
        self.question, self.next_question = build.question(home), build.question(home, "What else?")
        self.asked_no_more = topic_guide.retire(question=build.question(home, "Old?"), by=self.by)
        self.interview = build.interview(home, agreed=True)
        self.note = build.note(home, self.question)
        self.passage = passages.tag(source=self.finding, start=0, end=17, themes=[self.theme], by=self.by)
        self.finding = findings.change(
            finding=self.finding, **FINDING, text="Seven replies came.", revision=1, by=self.by
        )
        self.step = reshaping.merge(
            theme=build.theme(home, "Merged"), into=build.theme(home, "Kept"), by=self.by
        )
        records_read.mark(case=self.case, record_kind="other", outcome="no such record", by=self.by)
        writing.keep(case=self.case, kind="note", target="1", token="t", revision=0, typed="a=1", by=self.by)
        self.quoted = passages.tag(source=self.note, themes=[self.theme], by=self.by)
        self.said = learning.Point("Ask early.", ["health"], themes=[self.theme])
        self.first, self.point, self.gone = (
            learning.add(review=home.review, point=self.said, by=self.by) for _ in range(3)
        )
        self.gone = learning.withdraw(learning_point=self.gone, because="Said twice.", revision=1, by=self.by)


def read_twice() -> Scene:
    """With Case B read a second time, by the person of the scene, who has tagged in it once."""
    scene = Scene()
    scene.third = reviewer(scene.home.review, "third", by=scene.home.team)
    scene.read_twice = build.finding(scene.home, "Asked again.", case=1)
    scene.reading = second_reading.begin(
        case=scene.home.cases[1], first=scene.home.colleague, second=scene.by, by=scene.by
    )
    second_reading.tag(source=scene.read_twice, themes=[scene.second], by=scene.by)
    return scene


def by_the_team() -> Scene:
    scene = Scene()
    scene.by = scene.home.team
    return scene


def finished() -> Scene:
    scene = read_twice()
    second_reading.finish(reading=scene.reading, by=scene.by)
    return scene


def compared() -> Scene:
    scene = finished()
    second_reading.finish(reading=scene.reading, by=scene.home.colleague)
    return scene


SCENES: dict[str, Callable[[], Scene]] = {
    "following_up.record_step": by_the_team,
    "second_reading.tag": read_twice,
    "second_reading.untag": read_twice,
    "second_reading.finish": read_twice,
    "second_reading.replace": read_twice,
    "second_reading.cancel": read_twice,
    "second_reading.go_on": finished,
    "second_reading.settle": compared,
}


def elsewhere(scene: Scene) -> Project:
    """A project that codes a note of here with a theme of its own."""
    text = Source(text_guid(scene.note), "", scene.note.text, {}, [Coding("2", "1", "", None, 0, 3)])
    return Project("Elsewhere", [Code("1", "From elsewhere")], [text], {}, {})


ACTIONS: dict[str, Callable[[Scene], Any]] = {
    "codebook.add": lambda s: codebook.add(
        review=s.home.review, strand=Strand.DESK_TOP, entry=Entry(name="New one"), by=s.by
    ),
    "codebook.change": lambda s: codebook.change(
        theme=s.theme, entry=Entry(name="Reworded"), revision=1, by=s.by
    ),
    "codebook.retire": lambda s: codebook.retire(theme=s.theme, by=s.by),
    "codebook.restore": lambda s: codebook.restore(theme=s.retired, by=s.by),
    "codebook.move": lambda s: codebook.move(theme=s.theme, direction="down", by=s.by),
    "reshaping.merge": lambda s: reshaping.merge(theme=s.theme, into=s.second, by=s.by),
    "reshaping.split": lambda s: reshaping.split(
        theme=s.theme, entry=Entry(name="Half"), goes={s.quoted.pk: "moves"}, by=s.by
    ),
    "reshaping.undo": lambda s: reshaping.undo(step=s.step, by=s.by),
    "findings.write": lambda s: findings.write(case=s.case, **FINDING, text="Seen.", by=s.by),
    "findings.change": lambda s: findings.change(
        finding=s.finding, **FINDING, text="Eight replies came.", revision=2, by=s.by
    ),
    "findings.delete": lambda s: findings.delete(finding=s.finding, revision=2, by=s.by),
    "interviews.record": lambda s: interviews.record(
        case=s.case, status="done", held_on=build.HELD, quoting_agreed=False, revision=1, by=s.by
    ),
    "notes.write": lambda s: notes.write(
        case=s.case, question=s.question, text="She came late.", revision=1, by=s.by
    ),
    "learning.add": lambda s: learning.add(review=s.home.review, point=s.said, by=s.by),
    "learning.change": lambda s: learning.change(
        learning_point=s.point, point=learning.Point("Ask at once.", ["ics"]), revision=1, by=s.by
    ),
    "learning.move": lambda s: learning.move(learning_point=s.point, to="up", by=s.by),
    "learning.withdraw": lambda s: learning.withdraw(
        learning_point=s.point, because="Said twice.", revision=1, by=s.by
    ),
    "learning.restore": lambda s: learning.restore(learning_point=s.gone, by=s.by),
    "following_up.record_step": lambda s: following_up.record_step(
        point=s.point, status="in progress", seen=0, by=s.by
    ),
    "topic_guide.add": lambda s: topic_guide.add(review=s.home.review, text="Why?", by=s.by),
    "topic_guide.change": lambda s: topic_guide.change(
        question=s.question, text="How?", seen=s.question.text, by=s.by
    ),
    "topic_guide.move": lambda s: topic_guide.move(question=s.next_question, direction="up", by=s.by),
    "topic_guide.retire": lambda s: topic_guide.retire(question=s.question, by=s.by),
    "topic_guide.restore": lambda s: topic_guide.restore(question=s.asked_no_more, by=s.by),
    "records_read.mark": lambda s: records_read.mark(
        case=s.case, record_kind="chronology", outcome="nothing to note", by=s.by
    ),
    "records_read.unmark": lambda s: records_read.unmark(case=s.case, record_kind="other", by=s.by),
    "exchange.take_codebook": lambda s: exchange.take_codebook(
        review=s.home.review, codes=[Code("1", "From elsewhere")], strand=Strand.DESK_TOP, by=s.by
    ),
    "exchange.take_codings": lambda s: exchange.take_codings(
        review=s.home.review, project=elsewhere(s), strand=Strand.DESK_TOP, by=s.by
    ),
    "second_reading.begin": lambda s: second_reading.begin(
        case=s.home.cases[1], first=s.home.colleague, second=s.by, by=s.by
    ),
    "second_reading.tag": lambda s: second_reading.tag(source=s.read_twice, themes=[s.theme], by=s.by),
    "second_reading.untag": lambda s: second_reading.untag(second_tag=SecondTag.objects.get(), by=s.by),
    "second_reading.finish": lambda s: second_reading.finish(reading=s.reading, by=s.by),
    "second_reading.go_on": lambda s: second_reading.go_on(reading=s.reading, by=s.by),
    "second_reading.replace": lambda s: second_reading.replace(
        reading=s.reading, which="first", reader=s.third, by=s.by
    ),
    "second_reading.cancel": lambda s: second_reading.cancel(reading=s.reading, by=s.by),
    "second_reading.settle": lambda s: second_reading.settle(reading=s.reading, place=0, keep=True, by=s.by),
    "writing.keep": lambda s: writing.keep(
        case=s.case, kind="finding", target="new", token="t", revision=0, typed="text=Seen", by=s.by
    ),
    "writing.discard": lambda s: writing.discard(case=s.case, kind="note", target="1", by=s.by),
    "passages.tag": lambda s: passages.tag(source=s.note, start=0, end=3, themes=[s.second], by=s.by),
    "passages.tag_words": lambda s: passages.tag_words(
        review=s.home.review,
        case=s.case.public_id,
        text=s.note.public_id,
        theme=s.second.slug,
        start=0,
        end=3,
        words=s.note.text[:3],
        by=s.by,
    ),
    "passages.untag": lambda s: passages.untag(passage=s.passage, theme=s.theme, by=s.by),
    "passages.mark_quotable": lambda s: passages.mark_quotable(passage=s.quoted, by=s.by),
    "passages.write_memo": lambda s: passages.write_memo(passage=s.passage, memo="Why?", seen="", by=s.by),
    "passages.look_done": lambda s: passages.look_done(passage=s.passage, by=s.by),
    "matrix.summarise": lambda s: matrix.summarise(case=s.case, theme=s.theme, summary="Seen.", by=s.by),
}
# Proved beside the report they belong to; the record of what was looked at writes nothing else.
ELSEWHERE = {
    "opening",
    "entries",
    "attaching",
    "carrying",
    "viewing",
    "report",
    "report_template",
    "report_drafts",
    "release",
    "acceptances",
}


def everything() -> list[tuple[object, ...]]:
    return [row for model in WRITTEN for row in model._base_manager.order_by("pk").values_list()]


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_and_its_one_event_stand_or_fall_together(name, monkeypatch):
    scene = SCENES.get(name, Scene)()
    before, events = everything(), AuditEvent.objects.count()

    def fail(**fields: object) -> None:
        raise NoAudit

    with monkeypatch.context() as patched:
        patched.setattr("kscmp_review.audit.record.AuditEvent", fail)
        with pytest.raises(NoAudit):
            ACTIONS[name](scene)
    assert everything() == before
    ACTIONS[name](scene)
    assert everything() != before
    assert AuditEvent.objects.count() == events + 1
    assert AuditEvent.objects.newest_first()[0].actor_id == scene.by.pk


def test_every_action_is_proved_here():
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        if module.name in ELSEWHERE:
            continue
        loaded = import_module(f"themes.actions.{module.name}")
        for name, member in inspect.getmembers(loaded, inspect.isfunction):
            own = member.__module__ == loaded.__name__ and not name.startswith("_")
            if own and "by" in inspect.signature(member).parameters:
                found.add(f"{module.name}.{name}")
    assert found == set(ACTIONS)
