"""Rule 7: nothing that leaves says who it is about, who wrote it, or what was not to be quoted."""

import io
import re
import zipfile

import pytest
from django.test import Client

from cases.models import Case
from kscmp_review.accounts.models import User
from tests.themes import build_report_case as build
from tests.unpacked import all_text
from themes.actions import release
from themes.models import Finding, InterviewNote
from themes.report.document import document_of, draft_of
from themes.report.formats import FORMATS

pytestmark = pytest.mark.django_db
CANARIES = [build.NOT_QUOTABLE, build.EVIDENCE, build.NOT_AGREED, build.MEMO, build.REASON]


def squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def secrets() -> dict[str, list[str]]:
    """What must stand in no file, by what it is."""
    names = [name for person in User.objects.all() for name in (person.email, person.name)]
    things = [*Case.objects.all(), *Finding.objects.all(), *InterviewNote.objects.all()]
    return {
        "Liberi IDs": list(build.LIBERI_IDS),
        "people": names,
        "names in the program": [thing.public_id for thing in things],
        "canaries": CANARIES,
    }


def found_in(content: bytes, kind: str) -> dict[str, list[str]]:
    text = squeezed(all_text(content, kind))
    found = {what: [each for each in words if squeezed(each) in text] for what, words in secrets().items()}
    return {what: words for what, words in found.items() if words}


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write()
    return home


def test_no_format_holds_an_identifier_a_name_or_what_was_not_to_be_quoted(home):
    document = draft_of(home.review)
    assert {kind: found_in(document.content(kind), kind) for kind in FORMATS} == {key: {} for key in FORMATS}


def test_nor_does_any_format_of_a_version(home):
    document = document_of(release.propose(review=home.review, by=home.team))
    assert {kind: found_in(document.content(kind), kind) for kind in FORMATS} == {key: {} for key in FORMATS}


def test_the_search_finds_what_it_looks_for(home):
    """One secret of each kind, planted in the review's title, is found again in every format."""
    planted = {what: words[-1] for what, words in secrets().items()}
    home.review.title = " ".join(planted.values())
    document = draft_of(home.review)
    for kind in FORMATS:
        found = found_in(document.content(kind), kind)
        assert {what for what, word in planted.items() if word in found.get(what, [])} == set(planted)


def test_quotations_that_may_be_printed_are_there(home):
    document = draft_of(home.review)
    for kind in ("html", "docx", "odt", "pdf"):
        text = squeezed(all_text(document.content(kind), kind))
        assert squeezed(build.QUOTABLE) in text
        assert squeezed(build.AGREED) in text


def test_no_case_letter_stands_in_the_report(home):
    html = draft_of(home.review).html
    assert not [
        case.letter for case in home.cases if f"Case {case.letter}" in html or f"case {case.letter}" in html
    ]


def test_districts_stand_beside_the_number_of_selected_cases_and_nothing_else(home):
    sheets = {sheet.name: sheet for sheet in draft_of(home.review).sheets}
    assert list(sheets["Districts"].rows) == [["North", 2], ["South", 1]]
    others = str([sheet.rows for name, sheet in sheets.items() if name != "Districts"])
    assert "North" not in others


def test_a_file_is_named_after_the_review_and_the_day_alone(home):
    client = Client()
    client.force_login(home.reviewer)
    for kind in FORMATS:
        response = client.get(f"/reviews/babies/report/download/{kind}/")
        part = "annex" if kind == "xlsx" else "report"
        expected = rf'attachment; filename="babies-draft-{part}-\d{{4}}-\d\d-\d\d\.{kind}"'
        assert re.fullmatch(expected, response["Content-Disposition"])


def test_a_word_file_names_no_author(home):
    with zipfile.ZipFile(io.BytesIO(draft_of(home.review).content("docx"))) as file:
        core = file.read("docProps/core.xml").decode()
    assert "kscmp.example" not in core
    assert "<dc:creator></dc:creator>" in core or "dc:creator" not in core
