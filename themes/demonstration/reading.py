"""The second half of the demonstration: the codebook, findings, interviews, tags and the matrix."""

from collections.abc import Iterable
from typing import Any

from cases.models import Case, Characteristic, Review
from kscmp_review.accounts.models import User
from themes.actions import codebook, findings, interviews, matrix, notes, passages, topic_guide
from themes.actions.entries import Entry
from themes.demonstration.content import read, span
from themes.models import Finding, InterviewNote, Theme, TopicQuestion

Themes = dict[str, Theme]


def read_cases(review: Review, cases: dict[str, Case], by: User) -> None:
    """Write what the reviewer found in the six records and heard from their social workers."""
    cases = {key: Case.objects.get(pk=case.pk) for key, case in cases.items()}
    themes = _codebook(review, by)
    for entry in read("findings")["findings"]:
        _finding(cases[entry["case"]], entry, themes, by)
    talks = read("interviews")
    guide = {
        question["key"]: topic_guide.add(review=review, text=question["text"], by=by)
        for question in talks["topic_guide"]
    }
    for talk in talks["interviews"]:
        _interview(cases[talk["case"]], talk, guide, themes, by)
    for cell in read("cells")["cells"]:
        matrix.summarise(
            case=cases[cell["case"]],
            theme=themes[cell["theme"]],
            summary=cell["summary"],
            looked_for_not_found=cell["looked_for_not_found"],
            by=by,
        )


def _codebook(review: Review, by: User) -> Themes:
    themes: Themes = {}
    characteristics = {each.slug: each for each in Characteristic.objects.filter(review=review)}
    for entry in read("codebook")["themes"]:
        themes[entry["slug"]] = codebook.add(
            review=review,
            strand=entry["strand"],
            slug=entry["slug"],
            entry=Entry(
                name=entry["name"],
                definition=entry["definition"],
                when_to_use=entry["when_to_use"],
                example=entry["example"],
                parent=themes[entry["parent"]] if "parent" in entry else None,
                restates=characteristics[entry["restates"]] if "restates" in entry else None,
            ),
            by=by,
        )
    return themes


def _finding(case: Case, entry: dict[str, Any], themes: Themes, by: User) -> None:
    finding = findings.write(
        case=case,
        record_kind=entry["record_kind"],
        record_date=entry["record_date"],
        expectation=entry["expectation"],
        quality=entry["quality"],
        text=entry["text"],
        by=by,
    )
    _tag(finding, entry["passages"], themes, by)


def _interview(
    case: Case, talk: dict[str, Any], guide: dict[str, TopicQuestion], themes: Themes, by: User
) -> None:
    interviews.record(
        case=case,
        status=talk["status"],
        reason=talk.get("status_reason", ""),
        held_on=talk.get("held_on"),
        quoting_agreed=talk.get("quoting_agreed"),
        by=by,
    )
    for entry in talk.get("notes", []):
        note = notes.write(case=case, question=guide[entry["question"]], text=entry["text"], by=by)
        _tag(note, entry.get("passages", []), themes, by)


def _tag(source: Finding | InterviewNote, marked: Iterable[dict[str, Any]], themes: Themes, by: User) -> None:
    for passage in marked:
        start, end = span(passage["words"], source.text)
        made = passages.tag(
            source=source,
            themes=[themes[slug] for slug in passage["themes"]],
            start=start,
            end=end,
            words=passage["words"],
            by=by,
        )
        if passage["quotable"]:
            passages.mark_quotable(passage=made, by=by)
