"""The data-protection page: what is held, who has seen it, when it goes; the business team's alone."""

import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.actions import liberi_ids, retention
from cases.data_protection import SUGGESTED_BASIS, account_of
from cases.models import Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from kscmp_review.privacy.holdings import PrivacyClass
from tests import build

pytestmark = pytest.mark.django_db
PAGE = "/reviews/babies/data-protection/"
ID = "700123456"


@pytest.fixture
def client(review: Review, bola: User) -> Client:
    """Signed in as the business team; one case, whose Liberi ID bola has been shown twice."""
    case = build.case(review, "North", ID, "ppaa", by=bola, evidence="A canary.")
    for _ in range(2):
        liberi_ids.reveal(case=case, by=bola)
    client = Client()
    client.force_login(bola)
    return client


def page(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_it_counts_what_is_held_by_class_and_table(client: Client, review: Review) -> None:
    held = {held.privacy: held for held in account_of(review).held}
    rows = {table.words: table.rows for table in held[PrivacyClass.CASE].tables}
    assert rows["Cases, with the Liberi ID sealed"] == 1
    assert rows["Answers and their evidence notes"] == 4
    assert rows["Liberi IDs shown, and the reasons given"] == 2
    assert all(table.goes for table in held[PrivacyClass.CASE].tables)
    assert not any(table.goes for table in held[PrivacyClass.METHOD].tables)


def test_it_says_who_has_seen_case_data_how_often_and_when(client: Client, review: Review) -> None:
    (seen,) = account_of(review).seen
    assert seen[:3] == ("Bola (bola@kscmp.example)", "was shown a Liberi ID", 2)
    assert seen.last == AuditEvent.objects.filter(action="case.liberi id shown").newest_first()[0].at


def test_nothing_of_a_case_is_on_it_or_in_its_files(client: Client) -> None:
    told = page(client) + page(client, f"{PAGE}export/json")
    assert ID not in told
    assert "canary" not in told


def test_before_closing_it_says_that_the_time_runs_from_then(client: Client) -> None:
    assert "the time runs from closing" in page(client)
    assert "12 months after closing" in page(client)


def test_term_and_basis_are_changed_there(client: Client) -> None:
    assert SUGGESTED_BASIS[:40] in page(client)
    typed = {"months": "24", "asked_after_months": "18", "lawful_basis": "As agreed in <2030>."}
    sent = client.post(f"{PAGE}retention/", typed)
    assert sent["Location"] == PAGE
    assert "24 months after closing" in page(client)
    assert "As agreed in &lt;2030&gt;." in page(client)


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ("", "Enter a number of months"),
        ("0", "Months must be 1 or more"),
        ("121", "Months must be 120 or fewer"),
        ("many", "Enter a number of months, in digits"),
    ],
)
@pytest.mark.parametrize("field", ["months", "asked_after_months"])
def test_a_wrong_number_of_months_is_said_beside_the_field(
    client: Client, months: str, said: str, field: str
) -> None:
    typed = {"months": "12", "asked_after_months": "18", field: months}
    answer = client.post(f"{PAGE}retention/", typed).content.decode()
    assert "There is a problem" in answer
    assert f'<a href="#id_{field}">{said}</a>' in answer
    review = Review.objects.get()
    assert (review.retention_months, review.asked_after_months) == (12, 18)


def test_a_hold_is_placed_and_lifted_with_reasons(client: Client, review: Review) -> None:
    assert "Say why" in client.post(f"{PAGE}legal-hold/", {"reason": ""}).content.decode()
    client.post(f"{PAGE}legal-hold/", {"reason": "A complaint."})
    assert "A complaint." in page(client)
    assert "Lift the legal hold" in page(client, f"{PAGE}legal-hold/")
    client.post(f"{PAGE}legal-hold/", {"reason": "It is settled."})
    assert not review.legal_holds.live().exists()
    assert "It is settled." in page(client)


def test_its_files_say_the_same_and_taking_them_is_an_event(client: Client, review: Review) -> None:
    told = json.loads(page(client, f"{PAGE}export/json"))
    assert told["retention"]["months_after_closing"] == 12
    assert told["seen"][0]["times"] == 2
    workbook = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}export/xlsx").content))
    assert workbook.sheetnames == ["What is held", "Who has seen it", "When it goes"]
    assert [cell.value for cell in workbook["Who has seen it"][2]][:3] == [
        "Bola (bola@kscmp.example)",
        "was shown a Liberi ID",
        2,
    ]
    exported = AuditEvent.objects.filter(action="data protection.exported")
    assert [event.after["format"] for event in exported] == ["json", "xlsx"]
    assert client.get(f"{PAGE}export/docx").status_code == 404


def test_no_cell_of_its_workbook_is_a_formula(client: Client, review: Review, bola: User) -> None:
    retention.place_hold(review=review, reason="=1+1", by=bola)
    workbook = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}export/xlsx").content))
    cells = [cell for sheet in workbook for row in sheet for cell in row]
    assert "'=1+1" in [cell.value for cell in cells]
    assert not any(cell.data_type == "f" for cell in cells)


def test_its_queries_do_not_grow_with_the_review(client: Client, review: Review, bola: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client)
        return len(asked)

    page(client)  # the session is read and kept the first time
    few = queries()
    for number in range(3):
        build.case(review, "South", f"007{number}", "ppaa", by=bola)
    assert queries() == few
