"""What an operator runs: each does its work, or says in one line why not and writes nothing."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from cases.models import Case, Membership, Review, Role, Stage
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build

pytestmark = pytest.mark.django_db

REVIEW_FILE = """
slug = "babies-2022"
title = "Babies: positive practice review"
districts = ["North", "South"]
cases_per_district = 3
cases_to_select = 2
minimum_matches = 1
submissions_close_on = 2022-03-31

[[characteristics]]
slug = "parental-mental-health"
name = "Parental mental health issues"
tier = "key"
guidance = "Either parent."

[[characteristics]]
slug = "housing-issues"
name = "Housing issues"
tier = "of-interest"
"""
SHEET = (
    "liberi_id,district,assessment_date,parental-mental-health,housing-issues\n0012,North,2021-03-05,y,?\n"
)


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def refusal(*words: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(*words)
    return str(refused.value)


@pytest.fixture
def review_file(tmp_path: Path) -> Path:
    path = tmp_path / "review.toml"
    path.write_text(REVIEW_FILE)
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(SHEET)
    return path


def test_a_review_is_made_from_a_file_filled_and_ranked_without_any_flag(
    bola: User, review_file: Path, sheet: Path
) -> None:
    run("create_review", str(review_file))
    review = Review.objects.get(slug="babies-2022")
    assert (review.stage, review.created_by) == (Stage.SETTING_UP, bola)
    assert review.submissions_close_on is not None
    assert "1 case imported" in run("import_cases", "babies-2022", str(sheet))
    (row,) = csv.DictReader(io.StringIO(run("export_ranking", "babies-2022")))
    assert row["liberi_id"] == "0012"
    assert row["parental-mental-health"] == "present"
    assert json.loads(run("export_ranking", "babies-2022", "--format", "json"))[0]["match_count"] == 1


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("cases_to_select", "cases_to_choose", "there is no key “cases_to_choose”"),
        ("cases_to_select = 2\n", "", "the key “cases_to_select” is missing"),
        ("cases_to_select = 2", "cases_to_select = true", "“cases_to_select” must be a whole number"),
        ("cases_to_select = 2", "cases_to_select = 7", "More cases are to be selected"),
        ("cases_per_district = 3", "cases_per_district = 3000000000", "at most 1,000,000"),
        ('["North", "South"]', '"North"', "“districts” must be a list"),
        ('["North", "South"]', '["North", 2]', "each district must be a text"),
        ('tier = "key"', 'tier = "main"', "one of two tiers"),
        ('tier = "key"', 'tier = "key"\ncolour = "red"', "In characteristic 1: there is no key “colour”"),
        ("2022-03-31", '"31 March"', "must be a date"),
        ("slug = ", "slug ", "The file is no TOML"),
        ("babies-2022", "Babies 2022", "lower-case letters, digits and hyphens"),
        ("Babies: positive", "x" * 200 + " positive", "title"),
        ("Babies: positive", r"Babies:\u0000 positive", "“title” holds a sign that is no text"),
        ('"housing-issues"', '"rank"', "“rank” is another column of the sheets"),
        ('"housing-issues"', '"liberi-id"', "“liberi-id” is another column of the sheets"),
        ('"housing-issues"', f'"{"h" * 61}"', "at most 60 characters"),
        ('"Housing issues"', f'"{"h" * 121}"', "at most 120 characters"),
    ],
)
def test_a_wrong_review_file_is_refused_in_one_line_and_nothing_is_made(
    bola: User, review_file: Path, old: str, new: str, why: str
) -> None:
    review_file.write_text(REVIEW_FILE.replace(old, new, 1))
    said = refusal("create_review", str(review_file))
    assert why in said
    assert "\n" not in said
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["create_user"], "the following arguments are required: EMAIL, --role"),
        (["verify_selection", "babies", "--selection", "first"], "invalid int value: 'first'"),
        (["export_ranking", "babies", "--sideways"], "unrecognized arguments: --sideways"),
    ],
)
def test_wrong_arguments_are_refused_in_one_line_like_any_other_error(words: list[str], why: str) -> None:
    ran = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert why in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_review_cannot_be_made_where_no_account_may_open_one(db: None, review_file: Path) -> None:
    assert "create_user EMAIL --role business-team" in refusal("create_review", str(review_file))


def test_a_review_is_opened_as_the_account_named(bola: User, review_file: Path) -> None:
    other = build.user("other", opens_reviews=True)
    run("create_review", str(review_file), "--as", other.email)
    assert Review.objects.get().created_by == other
    assert "may not open a review" in refusal(
        "create_review", str(review_file), "--as", build.user("plain").email
    )


def test_a_dry_run_checks_and_stores_nothing(review: Review, bola: User, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        "liberi_id,district,assessment_date,parental-mental-health,parental-substance-misuse,housing-issues,family-history\n"
        "1,North,2021-03-05,,,,\n"
    )
    assert "nothing was stored" in run("import_cases", review.slug, str(path), "--dry-run")
    assert not Case.objects.exists()


def test_a_faulty_sheet_is_refused_with_a_line_for_each_fault(review: Review, sheet: Path) -> None:
    assert refusal("import_cases", review.slug, str(sheet)).splitlines() == [
        "row 1, column family-history: the column is missing",
        "row 1, column parental-substance-misuse: the column is missing",
    ]
    assert not Case.objects.exists()


def test_import_names_what_it_cannot_find(review: Review, sheet: Path, rita: User) -> None:
    assert refusal("import_cases", "nowhere", str(sheet)) == "there is no review 'nowhere'"
    missing = str(sheet.with_name("none.csv"))
    said = f"cannot read {missing}: No such file or directory"
    assert refusal("import_cases", review.slug, missing) == refusal("create_review", missing) == said
    assert "name an account with --as" in refusal("import_cases", review.slug, str(sheet), "--as", rita.email)


def test_export_writes_a_whole_file_and_records_it(review: Review, bola: User, tmp_path: Path) -> None:
    build.case(review, "North", "0012", "pp??", by=bola)
    out = tmp_path / "ranking.xlsx"
    assert run("export_ranking", review.slug, "--format", "xlsx", "--out", str(out)) == ""
    assert out.read_bytes().startswith(b"PK")
    assert list(tmp_path.iterdir()) == [out]
    event = AuditEvent.objects.get(action="ranking.exported")
    assert event.after == {"profile": 1, "format": "xlsx", "cases": 1, "liberi_ids": True}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--format", "xlsx"], "name it with --out"),
        (["--format", "ods"], "there is no format 'ods'"),
        (["--profile", "2"], "it has 1 to 1"),
        (["--profile", "first"], "it has 1 to 1"),
        (["--out", "/nowhere/at/all.csv"], "cannot write to /nowhere/at"),
    ],
)
def test_a_refused_export_says_why_and_records_nothing(review: Review, words: list[str], why: str) -> None:
    assert why in refusal("export_ranking", review.slug, *words)
    assert not AuditEvent.objects.filter(action="ranking.exported").exists()


def test_a_district_lead_is_made_with_a_password_shown_once(review: Review) -> None:
    said = run(
        "create_user",
        "Lead@kscmp.example",
        "--role",
        "district-lead",
        "--review",
        review.slug,
        "--district",
        "north",
    )
    password = said.rsplit(": ", 1)[1].strip()
    lead = User.objects.get(email="lead@kscmp.example")
    assert lead.check_password(password)
    membership = Membership.objects.get(user=lead)
    assert (membership.role, str(membership.district)) == (Role.DISTRICT_LEAD, "North")
    assert AuditEvent.objects.filter(action="account.created", object_id=str(lead.pk)).exists()


def test_an_account_that_exists_keeps_its_password_and_gains_a_role(review: Review) -> None:
    reader = build.user("reader")
    said = run("create_user", reader.email, "--role", "board-reader", "--review", review.slug)
    assert "its password stays as it is" in said
    reader.refresh_from_db()
    assert reader.check_password(build.PASSWORD)
    assert Membership.objects.get(user=reader).role == Role.BOARD_READER


def test_administrators_and_the_business_teams_office_belong_to_no_review(db: None) -> None:
    run("create_user", "it@kscmp.example", "--role", "administrator")
    run("create_user", "office@kscmp.example", "--role", "business-team")
    assert User.objects.get(email="it@kscmp.example").is_administrator
    assert User.objects.get(email="office@kscmp.example").opens_reviews
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["new@kscmp.example", "--role", "boss"], "there is no role 'boss'"),
        (["new@kscmp.example", "--role", "reviewer"], "name it with --review"),
        (["new@kscmp.example", "--role", "administrator", "--review", "babies"], "takes part in no review"),
        (["new@kscmp.example", "--role", "district-lead", "--review", "babies"], "needs --district"),
        (
            ["new@kscmp.example", "--role", "reviewer", "--review", "babies", "--district", "North"],
            "needs --district",
        ),
        (
            ["new@kscmp.example", "--role", "district-lead", "--review", "babies", "--district", "Up"],
            "no district 'Up'",
        ),
        (["new@kscmp.example", "--role", "reviewer", "--review", "none"], "there is no review 'none'"),
        (["no address", "--role", "administrator"], "valid email"),
        (["bola@kscmp.example", "--role", "administrator"], "needs one of their own"),
        (["bola@kscmp.example", "--role", "business-team"], "opens reviews already"),
        (
            ["bola@kscmp.example", "--role", "reviewer", "--review", "babies"],
            "has a role in the review already",
        ),
        (
            ["it@kscmp.example", "--role", "reviewer", "--review", "babies"],
            "An administrator takes part in no review",
        ),
        (["it@kscmp.example", "--role", "business-team"], "An administrator takes part in no review"),
    ],
)
def test_a_role_that_cannot_be_is_refused_and_no_account_is_made(
    review: Review, words: list[str], why: str
) -> None:
    build.user("it", is_administrator=True)
    before = set(User.objects.values_list("email", "opens_reviews", "is_administrator"))
    assert why in refusal("create_user", *words)
    assert set(User.objects.values_list("email", "opens_reviews", "is_administrator")) == before
