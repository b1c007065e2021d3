"""What has to be there before a page can be sent, and what is typed into it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.actions import selections
from cases.models import Case, Question, Stage
from kscmp_review.accounts.models import User
from tests.forms_sent import sent_by, typed
from tests.test_authorisation import Arguments, of_selected
from tests.themes.accepting import accept_all
from tests.world import World
from themes.actions import findings, learning, release, report, second_reading, topic_guide
from themes.exchange.refi import Code, guid_of
from themes.exchange.refi_writing import codebook_file
from themes.models import LearningPoint, ReportSection, ReportVersion, SecondReading, SecondTag, Theme

Typed = Mapping[str, Any]
NOTHING: Typed = {}


@dataclass(frozen=True)
class Sent:
    """How one page is sent, and the event that comes of it."""

    event: str
    typed: Typed | Callable[[World], Typed] = field(default_factory=lambda: NOTHING)
    by: str = "reviewer"
    stage: str = Stage.REVIEWING
    arguments: Arguments | None = None
    prepare: Callable[[World, Client], object] | None = None


def team(event: str, typed: Typed | Callable[[World], Typed] = NOTHING, **more: Any) -> Sent:
    return Sent(event, typed, by="business", **more)


def answered(at: World) -> Typed:
    """A new case of North as its form takes it."""
    north = at.review.districts.get(name="North")
    return {
        "district": str(north.pk),
        "liberi_id": "7009001",
        "assessment_date_day": "5",
        "assessment_date_month": "3",
        "assessment_date_year": "2021",
        "presence-housing-issues": "present",
        "draft_token": "a",
    }


def typed_in(name: str, *, of_case: bool = False) -> Callable[[World, Client], None]:
    """The form of a case has been sent to be checked."""

    def send(at: World, client: Client) -> None:
        where = of_selected(at) if of_case else [at.review.slug]
        url = reverse(name, args=where)
        client.post(url, typed(sent_by(client.get(url).content, url), {} if of_case else answered(at)))

    return send


def drafted(name: str, *rest: str) -> Callable[[World, Client], None]:
    """Something has been typed and kept by itself."""

    def send(at: World, client: Client) -> None:
        of_case = rest or "change" in name
        where = [*(of_selected(at) if of_case else [at.review.slug]), *rest]
        if "section" in name:
            where.append(at.section.key)
        if "learning" in name:
            where.append(str(at.learning_point))
        client.post(reverse(name, args=where), {"text": "Typed", "draft_token": "a", "draft_revision": "0"})

    return send


def sheet(columns: str, row: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("sheet.csv", f"{columns}\n{row}\n".encode())


def index_sheet(at: World) -> Typed:
    slugs = list(at.review.current_profile.lines.values_list("characteristic__slug", flat=True))
    return {"sheet": sheet(",".join(slugs), ",".join("y" for _ in slugs))}


def uploaded(at: World, client: Client) -> None:
    url = reverse("submissions_upload", args=[at.review.slug])
    slugs = ",".join(at.review.current_profile.lines.values_list("characteristic__slug", flat=True))
    row = sheet(f"liberi_id,district,assessment_date,{slugs}", "7009001,North,2021-03-05,y,n,?,")
    client.post(url, {"sheet": row})


def proposed_profile(at: World, client: Client) -> None:
    url = reverse("profile_line", args=[at.review.slug, "housing-issues"])
    client.post(url, typed(sent_by(client.get(url).content, url), {"name": "Housing"}))


def reopened(at: World, client: Client) -> None:
    selections.reopen(review=at.review, reason="To look again.", by=at.people["business"])


def not_asked(at: World, client: Client) -> None:
    Question.objects.all().delete()


def not_started(at: World, client: Client) -> None:
    ReportSection.objects.filter(review=at.review).delete()


def section_missing(at: World, client: Client) -> None:
    ReportSection.objects.filter(review=at.review).earliest("order").delete()


def differing(at: World, client: Client) -> None:
    """The second reader has another theme for the whole text; both have finished."""
    reading_on(at, client)
    SecondTag.objects.all().delete()
    reading = SecondReading.objects.get(case=at.selected)
    for reader in (reading.first_reader, reading.second_reader):
        second_reading.finish(reading=reading, by=reader)


def rewritten(at: World, client: Client) -> None:
    section, rita = at.section, at.people["reviewer"]
    report.change_section(
        section=section, heading="Our thanks", body="To all.", revision=section.revision, by=rita
    )
    accept_all(at.review, at.people["business"])


def put_forward(at: World, client: Client) -> None:
    rewritten(at, client)
    release.propose(review=at.review, by=at.people["business"])


def approved_once(at: World, client: Client) -> None:
    put_forward(at, client)
    bea = colleague(at, "bea")
    release.approve(version=ReportVersion.objects.filter(review=at.review).latest("number"), by=bea)


def newest(at: World) -> list[object]:
    """The version that was put forward last."""
    return [at.review.slug, ReportVersion.objects.filter(review=at.review).latest("number").number]


def colleague(at: World, name: str) -> User:
    return User.objects.get(email=f"{at.review.slug}-{name}@kscmp.example")


def section_removed(at: World, client: Client) -> None:
    report.remove_section(section=at.section, revision=at.section.revision, by=at.people["reviewer"])


def finding_deleted(at: World, client: Client) -> None:
    findings.delete(finding=at.finding, revision=at.finding.revision, by=at.people["reviewer"])


def second_point(at: World, client: Client) -> None:
    learning.add(review=at.review, point=learning.Point("Ask.", ["health"]), by=at.people["reviewer"])


def point_withdrawn(at: World, client: Client) -> None:
    point = LearningPoint.objects.get(pk=at.learning_point)
    learning.withdraw(learning_point=point, because="So.", revision=1, by=at.people["reviewer"])


def another_question(at: World, client: Client) -> None:
    topic_guide.add(review=at.review, text="What else?", by=at.people["reviewer"])


def reading_on(at: World, client: Client) -> None:
    """The second reading goes on, as if neither had finished."""
    SecondReading.objects.update(first_done_at=None, second_done_at=None, compared_at=None)


def retired(at: World, client: Client) -> None:
    client.post(reverse("theme_retire", args=[at.review.slug, at.theme.slug]))


def to_look_at(at: World, client: Client) -> None:
    type(at.passage).objects.filter(pk=at.passage.pk).update(needs_look=True)


def earlier(model: str) -> Callable[[World, Client], None]:
    """What the page shows has been saved once more, so that there is an earlier version."""

    def save(at: World, client: Client) -> None:
        url = reverse(model, args=EARLIER[model](at))
        client.post(url, sent_by(client.get(url).content, url))

    return save


def two_readers(at: World) -> Typed:
    other = Case.objects.of(at.review).selected().exclude(pk=at.selected.pk).get()
    first, second = at.people["reviewer"].pk, colleague(at, "rory").pk
    return {"case": str(other.pk), "first": str(first), "second": str(second)}


def codes(at: World) -> Typed:
    file = codebook_file([Code(guid_of("elsewhere"), "From elsewhere")])
    return {"file": SimpleUploadedFile("codes.qdc", file), "strand": "desk-top review"}


def other_theme(at: World) -> Theme:
    return Theme.objects.of(at.review).in_use().exclude(pk=at.theme.pk)[0]


EARLIER: dict[str, Arguments] = {
    "finding_change": lambda at: [*of_selected(at), at.finding.public_id],
    "matrix_cell": lambda at: [*of_selected(at), at.theme.slug],
    "theme_change": lambda at: [at.review.slug, at.theme.slug],
    "learning_change": lambda at: [at.review.slug, at.learning_point],
}
FIRST = {"revision": "1"}
REASON = {"reason": "Because it is so."}
DRAFT = {"draft_token": "a", "draft_revision": "0", "text": "Typed"}
FINDING = {"record_kind": "case note", "text": "Seen.", "expectation": "expected", "quality": "strength"}
