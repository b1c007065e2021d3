"""A whole review as its people do it, through the pages alone, each person at a browser of their own."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from cases.actions import erasure, offers
from cases.models import Case, Offer, Review, StageChange
from cases.retention import NOTICE
from kscmp_review.accounts.models import User
from tests import build
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import choose, follow, go_to, press, select_words, sign_in, submit_case
from tests.journeys.looking import faults_of, faults_of_errors
from tests.unpacked import all_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUBSTANCES = "Parental substance misuse, including during pregnancy"
KEY = ["Parental mental health issues", SUBSTANCES, "Cannabis use in the household", "Premature birth"]
OF_INTEREST = [
    "Family history of ICS involvement",
    "Deprivation or financial issues",
    "Housing issues",
    "Parental adverse childhood experiences",
    "Older sibling in care or living elsewhere",
]
# Three cases a district: present, absent or not known for each characteristic in the order above.
CASES = {
    "North": {"7001001": "ppp?ppppp", "7001002": "ppa?ppppa", "7001003": "papapaaaa"},
    "South": {"7002001": "pppapppaa", "7002002": "ppa?pppaa", "7002003": "aaaappaaa"},
    "East": {"7003001": "pppappapa", "7003002": "ppa?pp?aa", "7003003": "aapapaapa"},
    "West": {"0970401": "ppp?ppppa", "0970402": "papappaaa", "0970403": "paaapapaa"},
}
BY_SHEET = "7003003"
ASKED = "7003002"  # one more present and it ties for the sixth place
FINDING = "Five agencies were asked before birth. Their answers were set against the family's own account."
NOTE = "She came early and stayed late. The health visitor came along each time."
TITLE = "Positive practice before birth"
FORMATS = (
    ("Web page", "html", b"<!doctype html>"),
    ("Word", "docx", b"PK"),
    ("OpenDocument", "odt", b"PK"),
    ("PDF", "pdf", b"%PDF-"),
    ("Excel", "xlsx", b"PK"),
)
LEADS = {"North": "nora", "South": "sam", "East": "erin", "West": "wes"}


def test_a_review_from_its_opening_to_its_released_report(at_browser: AtBrowser, tmp_path: Path) -> None:
    for name in ("bola", "brin"):
        build.user(name, opens_reviews=True)
    for name in (*LEADS.values(), "rita", "bert"):
        build.user(name)
    team = at_browser()
    open_review(team)
    add_members(team)
    move_on(team, "Open for submissions")
    leads = {district: at_browser() for district in CASES}
    references: dict[str, str] = {}
    for district, page in leads.items():
        references |= submit_for(page, district, tmp_path)
    change_profile(team)
    find_out_about_housing(team, leads["East"], references[ASKED])
    move_on(team, "Selecting")
    select(team, references)
    reviewer = at_browser()
    read_a_case(reviewer)
    hold_an_interview(reviewer)
    second = at_browser()
    write_report(team, second)
    check_files(team, tmp_path)
    release(team, second)
    read_as_board(at_browser(), tmp_path)
    close_and_erase(team)


def open_review(page: Page) -> None:
    sign_in(page, "bola")
    follow(page, "Open a new review")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label(re.compile("^Key characteristics")).fill("\n".join(KEY))
    page.get_by_label(re.compile("^Characteristics of interest")).fill("\n".join(OF_INTEREST))
    page.get_by_label("Districts", exact=True).fill("\n".join(CASES))
    press(page, "Open the review")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def add_members(page: Page) -> None:
    go_to(page, "Members")
    others = [("brin", "Business team", ""), ("rita", "Reviewer", ""), ("bert", "Board reader", "")]
    for name, role, district in [(name, "District lead", place) for place, name in LEADS.items()] + others:
        page.get_by_label(re.compile("^E-mail address")).fill(f"{name}@kscmp.example")
        choose(page, "Role", role)
        page.get_by_label(re.compile("^District \\(")).select_option(label=district or "None")
        press(page, "Invite")
        expect(page.get_by_role("region", name="Invited")).to_contain_text(f"{name}@kscmp.example")
    for offer in Offer.objects.select_related("invitation"):
        offers.accept(offer=offer, by=User.objects.get(email=offer.invitation.email))


def move_on(page: Page, stage: str) -> None:
    go_to(page, "Overview")
    follow(page, f"Move on to “{stage}”")
    press(page, "Move on")
    expect(page.get_by_role("list").filter(has_text=stage).first).to_contain_text("Now")


def submit_for(page: Page, district: str, folder: Path) -> dict[str, str]:
    """Three cases of a district, one of them perhaps by sheet; the references of those by form."""
    sign_in(page, LEADS[district])
    follow(page, f"Submit a case: {TITLE}")
    references = {}
    for liberi_id, marks in CASES[district].items():
        if liberi_id == BY_SHEET:
            upload(page, district, marks, folder)
        else:
            references[liberi_id] = submit_case(page, liberi_id, KEY + OF_INTEREST, marks)
    go_to(page, "Submissions")
    expect(page.locator("main")).to_contain_text("3 of 3 cases submitted")
    return references


def upload(page: Page, district: str, marks: str, folder: Path) -> None:
    go_to(page, "Submissions")
    follow(page, "Upload a sheet instead")
    page.locator("summary").filter(has_text="The columns a sheet needs").click()
    columns = page.locator("details[open] code").all_inner_texts()
    answers = [{"p": "yes", "a": "no", "?": ""}[mark] for mark in marks]
    sheet = folder / "east.csv"
    sheet.write_text(",".join(columns) + f"\n{BY_SHEET},{district},05/03/2021,{','.join(answers)}\n", "utf-8")
    page.locator("input[type=file]").set_input_files(sheet)
    press(page, "Check the sheet")
    expect(page.locator("main")).to_contain_text("No faults were found")
    press(page, "Submit this case")


def change_profile(page: Page) -> None:
    """Premature birth goes, substance misuse is split; what that does is seen before it is saved."""
    go_to(page, "Risk profile")
    follow(page, "Change the profile")
    press(page, "Remove Premature birth")
    follow(page, f"Split {SUBSTANCES}")
    page.get_by_label("First part").fill("Parental substance misuse")
    page.get_by_label("Second part").fill("Maternal use during pregnancy")
    page.get_by_label("To both, as they are").check()
    press(page, "Put the two in the proposal")
    page.get_by_label("Why is the profile changed?").fill("Every assessment was made before birth.")
    press(page, "See what this does to the ranking")
    expect(page.locator("main")).to_contain_text("Nothing is saved yet. Of 12 cases")
    press(page, "Save the new version")
    expect(page.locator("main")).to_contain_text("Version 2 (current)")
    expect(page.locator("main")).to_contain_text("“Premature birth” removed.")


def find_out_about_housing(team: Page, lead: Page, reference: str) -> None:
    go_to(team, "Selection")
    press(team, f"Ask East about Housing issues in {reference}")
    expect(team.locator("main")).to_contain_text("East has been asked")
    go_to(lead, "Submissions")
    expect(lead.locator("main")).to_contain_text("Questions from the business team")
    choose(lead, "Housing issues", "Present")
    lead.get_by_label("Evidence note").fill("The family moved twice that year.")
    press(lead, f"Save answer about case {reference}")
    expect(lead.locator("main")).not_to_contain_text("Questions from the business team")


def select(page: Page, references: dict[str, str]) -> None:
    """Five are suggested, two tie for the sixth place: a person decides, and says why."""
    first, second = references["7002002"], references[ASKED]
    go_to(page, "Selection")
    expect(page.locator("main")).to_contain_text("5, and 2 tied for 1 place")
    expect(page.locator(".house-callout")).to_contain_text(f"{first} and {second}")
    press(page, "Accept the suggestions for 10 undecided cases")
    for reference, outcome in ((first, "Reserve"), (second, "Selected")):
        follow(page, f"Decide {reference}")
        choose(page, "Decision", outcome)
        page.get_by_label("Reason").fill("East would otherwise have one case, South two.")
        press(page, "Save the decision")
    follow(page, "Check and confirm the selection")
    press(page, "Confirm 6 selected cases")
    expect(page.locator("main")).to_contain_text("confirmed")
    go_to(page, "Overview")
    expect(page.locator("main")).to_contain_text("Confirmed: 6 cases selected")


def read_a_case(page: Page) -> None:
    """A codebook, a finding, its words tagged with the mouse and a button, and by a number key."""
    sign_in(page, "rita")
    follow(page, f"Go to the cases: {TITLE}")
    for strand, theme in (("Desk-top review", "Agency checks"), ("Desk-top review", "Weighing accounts")):
        add_theme(page, strand, theme)
    add_theme(page, "Feedback from professionals", "Relationship building")
    go_to(page, "Cases")
    follow(page, "Case A")
    follow(page, "Add a finding")
    choose(page, "Kind of record", "Agency check")
    page.get_by_label(re.compile("^Date of the record")).fill("14 April 2021")
    page.get_by_label("Finding").fill(FINDING)
    choose(page, "Was the practice required", "Required by procedure")
    choose(page, "Is it a strength", "Strength")
    press(page, "Save the finding")
    text = page.locator("[data-text]").first
    select_words(page, text, "Five agencies were asked")
    page.get_by_role("button", name=re.compile("^1? ?Agency checks")).click()
    expect(page.locator("mark").first).to_contain_text("Five agencies were asked")
    select_words(page, page.locator("[data-text]").first, "the family's own account")
    page.keyboard.press("2")
    passages = page.get_by_role("list", name="Passages and their themes")
    expect(passages).to_contain_text("Weighing accounts")
    expect(page.locator("mark").nth(1)).to_contain_text("the family's own account")
    press(page, "Mark as quotable: passage 2")
    expect(passages).to_contain_text("Quotable.")


def add_theme(page: Page, strand: str, name: str) -> None:
    go_to(page, "Codebook")
    follow(page, f"Add a theme to {strand}")
    page.get_by_label("Name").fill(name)
    press(page, "Save the theme")
    expect(page.locator("main")).to_contain_text(f"“{name}” has been added")


def hold_an_interview(page: Page) -> None:
    go_to(page, "Interviews")
    follow(page, "See the topic guide and the notes by question")
    page.get_by_label("Add a question").fill("What helped most?")
    press(page, "Add the question")
    go_to(page, "Cases")
    follow(page, "Case A")
    follow(page, "Record the interview")
    choose(page, "Where does the interview stand?", "Done")
    page.get_by_label("Date of the interview").fill("10/3/2022")
    choose(page, "May the report quote", "Yes, quoting was agreed")
    press(page, "Save the interview")
    follow(page, "What helped most?")
    page.get_by_label("Notes").fill(NOTE)
    press(page, "Save the notes")
    note = page.locator("[data-kind=note] [data-text]")
    select_words(page, note, "She came early")
    page.keyboard.press("1")
    passages = page.locator("[data-kind=note]").get_by_role("list", name="Passages and their themes")
    expect(passages).to_contain_text("Relationship building")
    press(passages, "Mark as quotable: passage 1")
    expect(passages).to_contain_text("Quotable.")


def write_report(team: Page, second: Page) -> None:
    """Two people write with buttons and counts, at once; the preview shows the words the board will read."""
    go_to(team, "Report")
    press(team, "Start the report")
    sign_in(second, "brin")
    follow(second, f"Open the review: {TITLE}")
    open_section(team, "Context")
    text = text_of(team)
    text.fill("Districts put forward ")
    insert_count(team, "cases submitted", "Insert Cases submitted: 12 cases")
    text.press_sequentially(", of which ")
    insert_count(team, "cases selected", "Insert Cases selected: 6 cases")
    text.press_sequentially(" were read.")
    expect(text).to_have_value(
        "Districts put forward {{ cases_submitted }}, of which {{ cases_selected }} were read."
    )
    expect(team.locator("[data-draft-state]")).to_contain_text("Draft saved")
    save_section(team)
    open_section(second, "Observations and analysis")
    format_and_quote(second)
    save_section(second)
    write_at_once(team, second)
    go_to(team, "Report")
    follow(team, "See it as the board would")
    expect(team.locator("article")).to_contain_text(
        "Districts put forward 12 cases, of which 6 cases were read."
    )
    expect(team.locator("article")).to_contain_text("the family's own account")
    go_to(team, "Report")


def open_section(page: Page, heading: str) -> None:
    go_to(page, "Report")
    follow(page, heading)


def text_of(page: Page) -> Locator:
    return page.get_by_label(re.compile("^Text"))


def save_section(page: Page) -> None:
    press(page, "Save the section")
    expect(page.locator("main")).to_contain_text("has been saved")


def insert_count(page: Page, wanted: str, button: str) -> None:
    page.get_by_label("Find a count").fill(wanted)
    page.get_by_role("button", name=button, exact=True).click()


def format_and_quote(page: Page) -> None:
    """Bold by the keyboard, a heading by the toolbar, a quotation from beside the text; then a preview."""
    text = text_of(page)
    text.fill("Seen early")
    text.select_text()
    page.keyboard.press("Control+b")
    expect(text).to_have_value("**Seen early**")
    page.keyboard.press("Control+End")
    text.press_sequentially(". ")
    text.press("Shift+Tab")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(text).to_have_value("## **Seen early**. ")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("**Seen early**. ")
    page.keyboard.press("Control+End")
    insert_count(page, "agency checks: cases", "Insert Agency checks: cases: 1 of the 6 cases")
    text.press_sequentially(" shows checks.")
    page.locator("summary").filter(has_text="Weighing accounts: 1 of 6").click()
    page.get_by_role(
        "button", name=re.compile(r"^Insert the quotation\s*: … the family's own account")
    ).click()
    press(page, "Preview")
    preview = page.get_by_role("region", name="As the report would print it")
    expect(preview.locator("strong")).to_have_text("Seen early")
    expect(preview).to_contain_text("1 of the 6 cases shows checks.")
    expect(preview.locator("blockquote")).to_contain_text("the family's own account")
    assert faults_of(page) == []


def write_at_once(team: Page, second: Page) -> None:
    """Both add to one section: the second to save meets both texts, and the two go together with a button."""
    for page in (team, second):
        open_section(page, "Context")
    text_of(team).fill(f"It was asked for by the board.\n\n{text_of(team).input_value()}")
    save_section(team)
    text_of(second).fill(f"{text_of(second).input_value()}\n\nAll were assessed before birth.")
    press(second, "Save the section")
    expect(second.get_by_role("heading", name="What is saved now")).to_be_visible()
    assert faults_of_errors(second) == []
    press(second, "Put both changes together")
    expect(text_of(second)).to_have_value(
        re.compile("^It was asked for by the board.*All were assessed", re.DOTALL)
    )
    save_section(second)


def download(page: Page, link: str, folder: Path) -> tuple[str, bytes]:
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile(f"^{re.escape(link)}")).click()
    target = folder / started.value.suggested_filename
    started.value.save_as(target)
    return target.suffix.removeprefix("."), target.read_bytes()


def check_files(page: Page, folder: Path, *, formats: tuple[tuple[str, str, bytes], ...] = FORMATS) -> None:
    """Every format is what it says it is, says what was found, and holds no Liberi ID and no name."""
    for link, suffix, magic in formats:
        kind, content = download(page, link, folder)
        assert (kind, content[: len(magic)]) == (suffix, magic)
        text = all_text(content, kind)
        assert "Agency checks" in text or "Agencychecks" in text
        private = [*(liberi_id for cases in CASES.values() for liberi_id in cases), "Bola", "Brin", "Rita"]
        assert [word for word in private if word in text] == []


def put_right_and_accept(team: Page) -> None:
    """An identifier is taken out of its section; what rests on one case is accepted with a reason."""
    go_to(team, "Report")
    open_section(team, "Context")
    kept = text_of(team).input_value()
    text_of(team).fill(f"{kept} See 7001 001.")
    save_section(team)
    go_to(team, "Report")
    expect(team.locator("main")).to_contain_text("Section “Context” holds a Liberi ID.")
    follow(team, "Put the report forward")
    expect(team.get_by_role("button", name="Put it forward")).to_have_count(0)
    follow(team, "Go to the section: Section “Context”")
    text_of(team).fill(kept)
    save_section(team)
    go_to(team, "Report")
    follow(team, "What the checks look for, and what they cannot see")
    accept = team.get_by_role("link", name=re.compile("^Accept it with a reason"))
    while accept.count():
        accept.first.click()
        team.get_by_label("Why may it stand?").fill("One case was read, and the report says so.")
        press(team, "Accept it")
        expect(team.locator("main")).to_contain_text("Accepted, with your reason.")
    expect(team.locator("main")).to_contain_text("each accepted with a reason")


def release(team: Page, second: Page) -> None:
    """Released, changed and released again; what changed can be read before and after."""
    move_on(team, "Reporting")
    put_right_and_accept(team)
    release_version(team, second, 1)
    open_section(second, "Context")
    text_of(second).fill(text_of(second).input_value().replace("by the board", "by the executive board"))
    save_section(second)
    go_to(team, "Report")
    follow(team, "What has changed since version 1")
    expect(team.locator("main ins").last).to_contain_text("executive")
    text = team.locator("main")
    expect(text).to_contain_text("No figure has changed.")
    open_section(team, "Observations and analysis")
    text_of(team).fill(f"{text_of(team).input_value()}\n\nThat is what we saw.")
    save_section(team)
    release_version(team, second, 2)


def release_version(team: Page, second: Page, number: int) -> None:
    go_to(team, "Report")
    follow(team, "Put the report forward")
    press(team, "Put it forward")
    press(team, f"Approve version {number}")
    expect(team.locator("main")).to_contain_text(f"You have approved version {number}.")
    go_to(second, "Report")
    follow(second, f"Read version {number} and approve it")
    press(second, f"Approve version {number}")
    expect(second.locator("main")).to_contain_text("Released on")


def read_as_board(page: Page, folder: Path) -> None:
    sign_in(page, "bert")
    follow(page, f"Read the report: {TITLE}")
    expect(page.locator("article")).to_contain_text("6 cases were read")
    expect(page.locator("article")).to_contain_text("by the executive board")
    check_files(page, folder, formats=tuple(each for each in FORMATS if each[0] == "PDF"))
    page.get_by_text("Check that a file is the one that was released").click()
    digest = hashlib.sha256(download(page, "PDF", folder)[1]).hexdigest()
    expect(page.locator("main")).to_contain_text(digest)


def close_and_erase(page: Page) -> None:
    """What is held is seen and taken away, a hold placed and lifted; after its term all of it is gone."""
    move_on(page, "Closed")
    page.get_by_role("link", name=re.compile("^Kept until")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data protection")
    assert faults_of(page) == []
    page.get_by_role("link", name="Place a legal hold").click()
    press(page, "Place the legal hold")
    assert faults_of_errors(page) == []
    page.get_by_label("Why the case data must be kept").fill("A complaint.")
    press(page, "Place the legal hold")
    expect(page.locator("main")).to_contain_text("nothing is erased until it is lifted")
    page.get_by_role("link", name="Lift the legal hold").click()
    page.get_by_label("Why the case data need not be kept").fill("It is settled.")
    press(page, "Lift the legal hold")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert "Cases, with the Liberi ID sealed" in taken.value.path().read_text("utf-8-sig")
    review, long_ago = Review.objects.get(), timezone.now() - timedelta(days=500)
    StageChange.objects.filter(to_stage="closed").update(changed_at=long_ago)
    Review.objects.update(erasure_warned_on=timezone.localdate() - NOTICE)
    erasure.erase(review=review, today=timezone.localdate())
    assert not Case.objects.exists()
    page.reload()
    expect(page.locator("main")).to_contain_text("The case data of this review was erased on")
    assert faults_of(page) == []
