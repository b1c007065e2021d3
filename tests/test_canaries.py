"""A word of its own in each case, looked for on every page, list, search, count and file, as every person.

Nobody is shown a word of a case that is not theirs to see; and an object of one case is not there under the
address of another, whatever is asked of it.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse

from cases.models import Answer, Case
from kscmp_review.accounts.models import User
from tests import build
from tests.test_authorisation import NOT_ALLOWED, ROLES, ROWS, Row
from tests.unpacked import all_text
from tests.world import World, world
from themes.actions import findings

ZIPPED = b"PK\x03\x04"


def evidence_word(case: Case) -> str:
    return f"evidence{case.sequence}quokka"


def finding_word(case: Case) -> str:
    return f"finding{case.sequence}quokka"


def planted(here: World) -> list[Case]:
    """The cases, each with a word in its evidence; each selected one with another in a finding."""
    cases = list(Case.objects.of(here.review).select_related("district").order_by("sequence"))
    for case in cases:
        Answer.objects.filter(case=case).update(evidence=f"Seen: {evidence_word(case)}.")
        if case.letter:
            findings.write(
                case=case,
                record_kind="case note",
                expectation="expected",
                quality="strength",
                text=f"Read: {finding_word(case)}.",
                by=here.people["reviewer"],
            )
    return cases


def addresses(here: World, cases: list[Case]) -> Iterator[str]:
    """Every address that answers a GET, once for each case where it names one; each search for the words."""
    seen = set()
    for row in ROWS:
        if row.get == NOT_ALLOWED:
            continue
        for case in cases:
            url = reverse(row.name, args=row.arguments(replace(here, selected=case, unselected=case)))
            if url not in seen:
                seen.add(url)
                yield url
    search = reverse("search_texts", args=[here.review.slug])
    for case in cases:
        yield f"{search}?q={finding_word(case)}"
        yield f"{search}?q={evidence_word(case)}"
    yield f"{search}?q=quokka"
    yield "/"


def words_shown(user: User, urls: list[str], words: set[str]) -> dict[str, str]:
    """Each word that this person is shown, and where first; the words of a search itself aside."""
    client = Client()
    client.force_login(user)
    found: dict[str, str] = {}
    for url in urls:
        with transaction.atomic():
            response = client.get(url)
            content = response.getvalue() if response.status_code == 200 else b""
            transaction.set_rollback(True)
        text = all_text(content, "xlsx") if content.startswith(ZIPPED) else content.decode(errors="replace")
        asked_for = url.partition("?q=")[2]
        for word in words - {asked_for}:
            if word in text:
                found.setdefault(word, url)
    return found


class TestWhatEachPersonIsShown(TestCase):
    here: World
    cases: list[Case]
    urls: list[str]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.here = world("babies", first_id=7001001)
        cls.cases = planted(cls.here)
        cls.urls = list(addresses(cls.here, cls.cases))

    def shown_to(self, user: User) -> dict[str, str]:
        words = {word(case) for case in self.cases for word in (evidence_word, finding_word)}
        return words_shown(user, self.urls, words)

    def words(self, *, evidence: list[Case], found: list[Case]) -> set[str]:
        return {evidence_word(case) for case in evidence} | {finding_word(case) for case in found}

    def selected(self) -> list[Case]:
        return [case for case in self.cases if case.letter]

    def of(self, district: str) -> list[Case]:
        return [case for case in self.cases if case.district.name == district]

    def test_the_business_team_sees_every_case(self) -> None:
        assert len(self.cases) > len(self.selected()) == 2
        shown = self.shown_to(self.here.people["business"])
        assert set(shown) == self.words(evidence=self.cases, found=self.selected())

    def test_a_district_lead_sees_the_cases_of_the_district_and_no_finding(self) -> None:
        for district in ("North", "South"):
            shown = self.shown_to(self.here.people[f"{district.lower()} lead"])
            assert set(shown) == self.words(evidence=self.of(district), found=[]), shown

    def test_a_reviewer_sees_the_selected_cases_alone(self) -> None:
        shown = self.shown_to(self.here.people["reviewer"])
        assert set(shown) == self.words(evidence=self.selected(), found=self.selected()), shown

    def test_a_board_reader_an_outsider_and_an_administrator_see_nothing_of_any_case(self) -> None:
        outsider = build.user("outsider", opens_reviews=True)
        administrator = build.user("ada", is_administrator=True)
        for user in (self.here.people["board reader"], outsider, administrator):
            assert self.shown_to(user) == {}, user

    def test_nobody_signed_in_sees_nothing(self) -> None:
        assert not AnonymousUser().is_authenticated
        for url in self.urls:
            assert b"quokka" not in Client().get(url.partition("?")[0]).getvalue()


def under(row: Row, here: World, other: Case) -> str | None:
    """The address of the row's object under another case than its own; None where it names no such object."""
    own = row.arguments(here)
    if len(own) < 3 or own[1] != here.selected.public_id or not isinstance(own[2], str | int):
        return None
    return reverse(row.name, args=[own[0], other.public_id, *own[2:]])


# What is named here belongs to the review, not to a case: under every case there is one such page.
OF_THE_REVIEW = {
    "interview_note",
    "matrix_cell",
    "cell_history",
    "writing_draft",
    "writing_discard",
    "question_reply",
    "second_reading_settle",
}


class TestAnObjectUnderAnotherCase(TestCase):
    def test_is_not_there_for_whoever_may_use_the_address(self) -> None:
        here = world("babies", first_id=7001001)
        other = Case.objects.of(here.review).selected().exclude(pk=here.selected.pk).get()
        wrong, looked_at = [], 0
        for row in ROWS:
            url = under(row, here, other)
            if url is None or row.name in OF_THE_REVIEW:
                continue
            for method, expectations in (("GET", row.get), ("POST", row.post)):
                for role, expected in zip(ROLES, (expectations or NOT_ALLOWED).split(), strict=True):
                    if expected not in ("ok", "go", "404"):
                        continue
                    client = Client()
                    client.force_login(here.people[role])
                    with transaction.atomic():
                        status = client.generic(method, url).status_code
                        transaction.set_rollback(True)
                    looked_at += 1
                    if status not in (404, 405):
                        wrong.append(f"{role} {method} {url}: {status}")
        assert wrong == []
        assert looked_at > 10


@pytest.mark.django_db
def test_a_word_that_is_shown_is_found() -> None:
    """The control: a person who is let in where they do not belong is noticed."""
    here = world("babies", first_id=7001001)
    cases = planted(here)
    url = reverse("case", args=[here.review.slug, here.selected.public_id])
    word = evidence_word(next(case for case in cases if case.pk == here.selected.pk))
    assert words_shown(here.people["reviewer"], [url], {word}) == {word: url}
    assert words_shown(here.people["board reader"], [url], {word}) == {}
