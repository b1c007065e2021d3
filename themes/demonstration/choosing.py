"""The first half of the demonstration: districts submit, the profile changes, six cases are chosen.

Every step is an action that a person could take, by the person who would take it.
"""

from typing import Any

from cases.actions import answers, index_cases, members, profiles, reviews, selections, submissions
from cases.actions.profiles import Line
from cases.actions.submissions import Reported, Submission
from cases.models import Case, District, Review, Selection, Stage
from kscmp_review.accounts.models import User
from themes.demonstration.accounts import ACCOUNTS
from themes.demonstration.content import read

People = dict[str, User]
NUMBERS = ("cases_per_district", "cases_to_select", "minimum_matches", "minimum_per_district")


def choose(people: People) -> tuple[Review, dict[str, Case]]:
    """The review at the stage reviewing, and its cases by the key of the demonstration."""
    team = people["business-team"]
    review = _open(team)
    for account in ACCOUNTS:
        if account.who != "business-team" and account.role != "administrator":
            place = District.objects.get(review=review, name=account.district) if account.district else None
            members.add(review=review, user=people[account.who], role=account.role, district=place, by=team)
    review = reviews.move_to_stage(review=review, stage=Stage.OPEN, by=team)
    _set_out_from(review, team)
    sheet = read("cases")["cases"]
    cases = {entry["key"]: _submit(review, entry, people) for entry in sheet}
    _change_profile(review, team)
    _learn_more_of_index_cases(review, team)
    review = reviews.move_to_stage(review=review, stage=Stage.SELECTING, by=team)
    for entry in sheet:
        _fill_in(cases[entry["key"]], entry, people)
    _decide(review, cases, team)
    return Review.objects.get(pk=review.pk), cases


def set_dates(review: Review, by: User) -> None:
    """The dates of 2022, set last: districts could not have submitted after the deadline."""
    timetable = read("timetable")
    reviews.change_settings(
        review=review,
        settings=_settings(
            read("review"),
            opens_on=timetable["opened_on"],
            submissions_close_on=timetable["submissions_close_on"],
            report_due_on=timetable["report_due_on"],
        ),
        by=by,
    )


def _settings(asked: dict[str, Any], **dates: Any) -> reviews.Settings:
    numbers = {name: asked[name] for name in NUMBERS if name in asked}
    return reviews.Settings(
        title=asked["title"],
        purpose=read("timetable").get("purpose", ""),
        districts=asked["districts"],
        **numbers,
        **dates,
    )


def _open(by: User) -> Review:
    asked = read("review")
    return reviews.create(
        slug=asked["slug"],
        settings=_settings(asked),
        characteristics=[_line(line) for line in asked["characteristics"]],
        by=by,
    )


def _line(line: dict[str, str]) -> Line:
    return Line(
        slug=line["slug"],
        name=line["name"],
        tier=line["tier"],
        guidance=line.get("guidance", ""),
        problem=line.get("problem", ""),
    )


def _submit(review: Review, entry: dict[str, Any], people: People) -> Case:
    asked = set(review.current_profile.lines.values_list("characteristic__slug", flat=True))
    given = {
        slug: Reported(answer["answer"], answer.get("note", ""))
        for slug, answer in entry["reported"].items()
        if slug in asked
    }
    return submissions.submit(
        review=review,
        district=District.objects.get(review=review, name=entry["district"]),
        submission=Submission(
            liberi_id=entry["liberi_id"], assessment_date=entry["assessment_date"], answers=given
        ),
        by=people[_lead(entry)],
    )


def _change_profile(review: Review, by: User) -> None:
    change = read("profile_change")
    lines = [_line(line) for line in change["characteristics"]]
    profiles.change(review=review, lines=lines, reason=change["reason"], by=by)


def _fill_in(case: Case, entry: dict[str, Any], people: People) -> None:
    """What the district is asked for, what it could not find out, and what was verified."""
    team = people["business-team"]
    given = set(case.answers.values_list("characteristic__slug", flat=True))
    for slug, answer in entry["reported"].items():
        if slug not in given or (entry["key"], slug) in ASKED_IN_VAIN:
            question = answers.ask(case=case, slug=slug, by=team)
            answers.reply(
                question=question,
                presence=answer["answer"],
                evidence=answer.get("note", ""),
                by=people[_lead(entry)],
            )
    found = {
        slug: answers.Found(answer["answer"], answer.get("note", ""))
        for slug, answer in entry.get("verified", {}).items()
    }
    if found:
        answers.verify(case=case, found=found, by=team)


# The tie at the cut-off: both districts were asked, and neither record settles it.
ASKED_IN_VAIN = (("north-2", "housing-issues"), ("east-3", "cannabis-in-household"))


def _set_out_from(review: Review, by: User) -> None:
    """The cases of the earlier deep dive, all that is known of them."""
    asked = set(review.current_profile.lines.values_list("characteristic__slug", flat=True))
    entries = [entry["answers"] for entry in read("index_cases")["index_cases"]]
    index_cases.add(
        review=review,
        cases=[{slug: given for slug, given in entry.items() if slug in asked} for entry in entries],
        by=by,
    )


def _learn_more_of_index_cases(review: Review, by: User) -> None:
    """The changed profile asks of the index cases, too, what the first did not."""
    for index_case, entry in zip(review.index_cases.all(), read("index_cases")["index_cases"], strict=True):
        asked = set(review.current_profile.lines.values_list("characteristic__slug", flat=True))
        given = {slug: presence for slug, presence in entry["answers"].items() if slug in asked}
        index_cases.change(index_case=index_case, answers=given, revision=index_case.revision, by=by)


def _decide(review: Review, cases: dict[str, Case], by: User) -> Selection:
    for decision in read("decisions")["decisions"]:
        selections.decide(
            case=cases[decision["case"]],
            outcome=decision["outcome"],
            reason=decision.get("reason", ""),
            by=by,
        )
    return selections.confirm(review=review, by=by)


def _lead(entry: dict[str, Any]) -> str:
    return f"lead-{entry['district'].lower()}"
