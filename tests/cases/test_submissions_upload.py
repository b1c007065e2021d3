"""A sheet instead of the form: every fault is seen before anything is stored, then all of it or nothing."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.imports import check_sheet
from cases.models import Case, Membership, Review, Stage
from cases.sheets import ON_A_PAGE, read_sheet
from kscmp_review.accounts.models import Session, User
from tests import build
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db

HEAD = (
    "liberi_id,district,assessment_date,"
    "parental-mental-health,parental-substance-misuse,housing-issues,family-history"
)


def upload(client: Client, review: Review, *rows: str) -> Any:
    """The page that follows the upload of these rows."""
    sheet = SimpleUploadedFile("cases.csv", "\n".join((HEAD, *rows)).encode())
    return client.post(reverse("submissions_upload", args=[review.slug]), {"sheet": sheet}, follow=True)


def confirm(client: Client, review: Review) -> Any:
    check = reverse("submissions_upload_check", args=[review.slug])
    return client.post(check, {"token": client.get(check).context["token"]}, follow=True)


def test_rows_are_shown_and_stored_only_on_confirming(review: Review, nora: User) -> None:
    client = signed_in(nora)
    page = upload(
        client, review, "0012,North,2021-03-05,y,n,?,", "0013,North,05/03/2021,y,n,?,"
    ).content.decode()
    assert "2 cases: North 2. No faults were found" in page
    assert "0012" in page
    assert not Case.objects.exists()
    assert "2 cases have been submitted." in confirm(client, review).content.decode()
    assert [case.liberi_id for case in Case.objects.order_by("sequence")] == ["0012", "0013"]


def test_every_fault_is_shown_and_nothing_can_be_confirmed(review: Review, nora: User) -> None:
    client = signed_in(nora)
    page = upload(client, review, "x,North,2021-03-05,y,n,?,", "0013,South,soon,y,n,?,").content.decode()
    assert "<title>Error: Check the sheet" in page
    assert "The sheet has 3 faults: nothing has been stored" in page
    for why in ("digits only", "You put forward cases of North only", "This is no date"):
        assert why in page
    confirm(client, review)
    assert not Case.objects.exists()


def test_a_waiting_sheet_is_not_readable_in_the_session(review: Review, nora: User) -> None:
    upload(signed_in(nora), review, "0012345,North,2021-03-05,y,n,?,")
    stored = str([session.get_decoded() for session in Session.objects.all()])
    assert f"sheet:{review.pk}" in stored
    assert "0012345" not in stored


def test_what_no_longer_fits_when_confirmed_is_shown_and_nothing_stored(
    review: Review, nora: User, bola: User
) -> None:
    client = signed_in(nora)
    upload(client, review, "12,North,2021-03-05,,,,", "13,North,2021-03-05,,,,", "14,North,2021-03-05,,,,")
    build.case(review, "North", "99", "????", by=bola)
    page = confirm(client, review).content.decode()
    assert "North may put forward 3 cases and has room for 2 more" in page
    assert Case.objects.count() == 1


def test_confirming_twice_imports_once(review: Review, nora: User) -> None:
    client = signed_in(nora)
    upload(client, review, "12,North,2021-03-05,,,,")
    check = reverse("submissions_upload_check", args=[review.slug])
    token = client.get(check).context["token"]
    for _ in range(2):
        client.post(check, {"token": token})
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (b"\xff\xfe\x00", "save it as “CSV UTF-8”"),
        (b"x" * (ON_A_PAGE.size + 1), "The file must be smaller than 5 MB"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_beside_the_field(
    review: Review, nora: User, content: bytes, why: str
) -> None:
    page = signed_in(nora).post(
        reverse("submissions_upload", args=[review.slug]), {"sheet": SimpleUploadedFile("a.csv", content)}
    )
    assert why in page.content.decode()
    assert 'href="#id_sheet"' in page.content.decode()


def test_no_file_chosen_is_said(review: Review, nora: User) -> None:
    page = signed_in(nora).post(reverse("submissions_upload", args=[review.slug]), {})
    assert "Choose a case sheet" in page.content.decode()


def test_the_business_team_uploads_before_submissions_open(bola: User) -> None:
    review = build.review("early", by=bola, stage=Stage.SETTING_UP)
    client = signed_in(bola)
    upload(client, review, "12,North,2021-03-05,,,,", "13,South,2021-03-05,,,,")
    assert "2 cases have been submitted." in confirm(client, review).content.decode()


def test_the_empty_sheet_has_this_reviews_columns_and_lists_and_can_be_filled_in(
    review: Review, nora: User
) -> None:
    response = signed_in(nora).get(reverse("submissions_template", args=[review.slug]))
    assert response["Content-Disposition"] == 'attachment; filename="cases-babies.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book["Cases"]
    assert [cell.value for cell in sheet[1]] == HEAD.split(",")
    assert [cell.value for cell in book["Lists"]["A"] if cell.value] == ["North"]
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} == {
        "Lists!$A$1:$A$1",
        "Lists!$B$1:$B$3",
    }
    for place, text in enumerate(
        ("0012", "North", "05/03/2021", "present", "absent", "not known", ""), start=1
    ):
        sheet.cell(2, place).value = text
    filled = io.BytesIO()
    book.save(filled)
    membership = Membership.objects.get(user=nora)
    checked = check_sheet(read_sheet(filled.getvalue(), ON_A_PAGE), review, membership)
    assert (checked.faults, [case.liberi_id for case in checked.cases]) == ([], ["0012"])


def test_a_closed_desk_takes_no_sheet(review: Review, nora: User) -> None:
    Review.objects.filter(pk=review.pk).update(stage=Stage.SELECTING)
    page = signed_in(nora).get(reverse("submissions_upload", args=[review.slug]), follow=True)
    assert "you cannot submit, change or withdraw cases now" in page.content.decode()
