"""The pictures of docs/screenshots, taken of the demonstration review: `make screenshots`.

No test: pytest does not collect this file unless it is named. Each picture is 1200 px wide, the page as a
visitor sees it, and is written in few colours so that it stays small.
"""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page

from cases.actions import answers, reviews
from cases.actions.profiles import Line
from cases.models import Case, Review, Role, Stage
from kscmp_review.accounts.models import User
from tests import build
from tests.bench.long_text import material
from tests.journeys import places
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import press
from tests.world import World
from themes.actions import findings, passages
from themes.demonstration.content import read
from themes.models import Theme

FOLDER = Path("docs/screenshots")
WIDTH = 1200
COLOURS = 200


def keep(page: Page, name: str, *, width: int = WIDTH, height: int) -> None:
    """The top of the page as it is on a screen of this size, drawn 1200 px wide."""
    page.set_viewport_size({"width": width, "height": height})
    drawn = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    if width != WIDTH:
        drawn = drawn.resize((WIDTH, height * WIDTH // width), Image.Resampling.LANCZOS)
    few = drawn.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pictures(at_browser: AtBrowser) -> None:
    here = places.demonstration()
    slug = here.review.slug
    young, lead = desk(here.people["business"])
    team, reviewer = at_browser(here.people["business"]), at_browser(here.people["reviewer"])
    district = at_browser(lead)
    for page, name, address, width, height in (
        (team, "overview", reverse("review", args=[slug]), WIDTH, 1000),
        (team, "selection", reverse("selection", args=[slug]), 1760, 2020),
        (team, "risk-profile", reverse("profile", args=[slug]), WIDTH, 1100),
        (reviewer, "case", reverse("case", args=[slug, here.selected.public_id]), 1400, 1300),
        (reviewer, "matrix", reverse("matrix", args=[slug]) + "?level=themes", 1600, 1300),
        (reviewer, "strength", reverse("matrix_strength", args=[slug]) + "?level=themes", 1600, 1500),
        (reviewer, "coverage", reverse("coverage", args=[slug]), 1600, 1300),
        (reviewer, "codebook", reverse("codebook", args=[slug]), WIDTH, 1100),
        (reviewer, "question", reverse("topic_question", args=[slug, here.topic.pk]), 1600, 1000),
        (team, "robustness", reverse("robustness", args=[slug]), WIDTH, 1300),
        (team, "agreement", reverse("agreement", args=[slug]), WIDTH, 1100),
        (team, "index-cases", reverse("index_cases", args=[slug]), 1600, 1300),
        (team, "record", reverse("selection_record", args=[slug, here.selection.number]), WIDTH, 1500),
        (team, "data-protection", reverse("data_protection", args=[slug]), WIDTH, 1500),
        (team, "section", reverse("report_section", args=[slug, "desk-top-review"]), 1400, 1300),
        (team, "report", reverse("report_preview", args=[slug]), WIDTH, 1500),
        (district, "desk", reverse("submissions", args=[young.slug]), WIDTH, 1250),
        (district, "submit", reverse("submission_new", args=[young.slug]), WIDTH, 1150),
    ):
        page.goto(address)
        keep(page, name, width=width, height=height)
    workbench(here, reviewer)
    team.goto(reverse("case_verify", args=[young.slug, Case.objects.of(young).earliest("pk").public_id]))
    keep(team, "verify", height=1000)
    team.goto(reverse("profile_change", args=[young.slug]))
    press(team, "Remove Premature birth")
    keep(team, "profile-change", height=1400)
    team.get_by_label("Why is the profile changed?").fill("Every assessment was made before birth.")
    press(team, "See what this does to the ranking")
    keep(team, "profile-effect", height=1000)


def workbench(here: World, page: Page) -> None:
    """A finding with versions, a long text with a passage chosen, two readers compared."""
    slug, case, by = here.review.slug, here.selected, here.people["reviewer"]
    at = [slug, case.public_id]
    page.goto(reverse("second_reading", args=at))
    keep(page, "second-reading", height=1300)
    marks: dict[str, Any] = {"record_kind": "chronology", "expectation": "expected", "quality": "strength"}
    early = "The chronology begins at the booking and names each agency that was asked."
    finding = findings.write(case=case, **marks, text=early, by=by)
    later = "The chronology begins before the booking. It names each agency that was asked, and when."
    findings.change(finding=finding, **marks, text=later, record_date=None, revision=1, by=by)
    page.goto(reverse("text_history", args=[*at, finding.public_id]))
    keep(page, "versions", height=800)
    made = material(90, size=12_000)
    long_text = findings.write(case=case, **marks, text=made.text, by=by)
    themes = list(Theme.objects.of(here.review).in_use().order_by("pk"))
    for number, each in enumerate(made.passages):
        theme = themes[number % len(themes)]
        passages.tag(source=long_text, start=each.start, end=each.end, themes=[theme], by=by)
    page.goto(reverse("text_read", args=[*at, long_text.public_id]))
    page.locator("[data-passage]").nth(6).click()
    page.locator("#passage-here .house-passage").wait_for()
    page.evaluate("scrollTo(0, 0)")
    keep(page, "long-text", width=1400, height=750)


def desk(team: User) -> tuple[Review, User]:
    """A review open for submissions: South has submitted one case and is asked about it; and South's lead."""
    review = reviews.create(
        slug="before-birth",
        settings=reviews.Settings(
            title="Positive practice before birth",
            districts=["North", "South", "East", "West"],
            cases_per_district=3,
            cases_to_select=6,
            minimum_matches=6,
            submissions_close_on=timezone.localdate() + timedelta(days=6),
        ),
        characteristics=[Line(**line) for line in read("review")["characteristics"]],
        by=team,
    )
    review = reviews.move_to_stage(review=review, stage=Stage.OPEN, by=team)
    lead = build.member(review, "sam", Role.DISTRICT_LEAD, by=team, district="South")
    case = build.case(review, "South", "0900104", "ppp?pp?pa", by=lead)
    answers.ask(case=case, slug="housing-issues", by=team)
    return review, lead
