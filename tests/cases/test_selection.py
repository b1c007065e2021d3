"""The selection's pages, as the business team meets them."""

import csv
import io
import re
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import answers, profiles, selections
from cases.actions.imports import import_cases
from cases.actions.reviews import move_to_stage
from cases.imports import SheetCase
from cases.models import Case, Decision, Outcome, Presence, Review, Selection, Stage
from cases.ranking import rank_review
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in


@pytest.fixture
def cases(review: Review, bola: User) -> dict[str, Case]:
    """Best first: `sure`, two tied for the second place of two, `low`, which does not qualify."""
    made = {
        "sure": build.case(review, "North", "007990001", "pppp", by=bola),
        "tied": build.case(review, "North", "007990002", "ppaa", by=bola),
        "level": build.case(review, "South", "007990003", "ppaa", by=bola),
        "low": build.case(review, "South", "007990004", "p?aa", by=bola),
    }
    move_to_stage(review=review, stage=Stage.SELECTING, by=bola)
    review.refresh_from_db()
    return made


@pytest.fixture
def team(bola: User) -> Client:
    return signed_in(bola)


def page(name: str = "selection", *more: object) -> str:
    return reverse(name, args=["babies", *more])


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def references(client: Client, query: str = "") -> list[str]:
    """The cases of the table, in its order."""
    response = client.get(page() + query)
    return [row.ranked.case.public_id for row in response.context["rows"]]


def test_page_without_cases_says_what_will_be_here(review: Review, team: Client) -> None:
    assert "No cases yet" in shown(team, page())


def test_state_tie_and_next_step_are_in_words(cases: dict[str, Case], team: Client) -> None:
    text = shown(team, page())
    assert "4 of 6" in text
    assert "1, and 2 tied for 1 place" in text
    first, second = cases["tied"].reference, cases["level"].reference
    assert f"2 cases are tied at rank 2 for 1 place: {first} and {second}. Decide between them." in text
    assert "Accept the suggestions for 2 undecided cases" in text


def test_fewer_than_wanted_is_said(review: Review, bola: User, team: Client) -> None:
    build.case(review, "North", "007990001", "pppp", by=bola)
    assert "Only 1 case qualifies (2 or more present), and 2 are wanted" in shown(team, page())


def test_next_step_follows_the_state(
    review: Review, cases: dict[str, Case], bola: User, team: Client
) -> None:
    team.post(page("selection_accept"))
    assert "Decide the 2 cases left" in shown(team, page())
    for name, outcome in (("tied", Outcome.SELECTED), ("level", Outcome.RESERVE)):
        selections.decide(case=cases[name], outcome=outcome, reason="So.", by=bola)
    text = shown(team, page())
    assert "Check and confirm the selection" in text
    assert "Each of them is decided." in text
    selections.confirm(review=review, by=bola)
    text = shown(team, page())
    assert "See the selection on record" in text
    assert page("selection_decide", cases["sure"].public_id) not in text


def test_decisive_answer_is_listed_and_can_be_asked(cases: dict[str, Case], bola: User, team: Client) -> None:
    text = shown(team, page())
    assert "Answers that could change the suggestion" in text
    assert f'action="{page("case_ask", cases["low"].public_id)}"' in text
    answers.ask(case=cases["low"], slug="parental-substance-misuse", by=bola)
    text = shown(team, page())
    assert f'action="{page("case_ask", cases["low"].public_id)}"' not in text
    assert "Asked on" in text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["sure", "tied", "level", "low"]),
        ("?suggestion=tie", ["tied", "level"]),
        ("?standing=secure", ["sure"]),
        ("?decision=not+decided", ["tied", "level", "low"]),
        ("?decision=selected", ["sure"]),
        ("?characteristic=parental-substance-misuse&answer=not+known", ["low"]),
        ("?characteristic=family-history&answer=present", ["sure"]),
        ("?sort=district", ["sure", "tied", "level", "low"]),
        ("?sort=submitted", ["sure", "tied", "level", "low"]),
        ("?sort=highest", ["sure", "tied", "level", "low"]),
        ("?sort=not-known", ["low", "sure", "tied", "level"]),
        ("?sort=decision", ["tied", "level", "low", "sure"]),
        ("?wanted=3&suggestion=yes", ["sure", "tied", "level"]),
    ],
)
def test_narrowing_and_ordering_by_the_address(
    cases: dict[str, Case], bola: User, team: Client, query: str, names: list[str]
) -> None:
    selections.decide(case=cases["sure"], outcome=Outcome.SELECTED, by=bola)
    assert references(team, query) == [cases[name].public_id for name in names]


def test_narrowing_by_district(review: Review, cases: dict[str, Case], team: Client) -> None:
    south = review.districts.get(name="South")
    assert references(team, f"?district={south.pk}") == [cases["level"].public_id, cases["low"].public_id]


def test_nothing_fits_is_said(cases: dict[str, Case], team: Client) -> None:
    assert "No case fits" in shown(team, page() + "?standing=secure&suggestion=no")


def test_characteristic_without_answer_is_an_error_and_shows_all(
    cases: dict[str, Case], team: Client
) -> None:
    text = shown(team, page() + "?characteristic=family-history")
    assert "Select both a characteristic and an answer" in text
    assert len(references(team, "?characteristic=family-history")) == 4


def test_what_if_is_marked_and_takes_no_decision(cases: dict[str, Case], team: Client) -> None:
    text = shown(team, page() + "?wanted=3")
    assert "this ranking is not saved" in text
    assert "No tie crosses the cut-off." in text
    assert page("selection_decide", cases["sure"].public_id) not in text
    assert page("selection_accept") not in text
    assert Review.objects.get(slug="babies").cases_to_select == 2


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("?wanted=0", "Cases to select must be 1 or more"),
        ("?minimum=9", "Minimum present must be 4 or fewer"),
        ("?minimum_per_district=2", "The minimum, times the districts, is more than the cases to select"),
    ],
)
def test_what_if_that_makes_no_sense_is_an_error(
    cases: dict[str, Case], team: Client, query: str, error: str
) -> None:
    text = shown(team, page() + query)
    assert error in text
    assert "this ranking is not saved" not in text


def test_any_version_of_the_profile_can_be_ranked_by(
    review: Review, cases: dict[str, Case], bola: User, team: Client
) -> None:
    only = [profiles.Line(slug="family-history", name="Family history", tier="key")]
    only.append(profiles.Line(slug="housing-issues", name="Housing issues", tier="key"))
    profiles.change(review=review, lines=only, reason="Two are enough.", by=bola)
    assert "0 of 2" in shown(team, page())
    text = shown(team, page() + "?profile=1")
    assert "It uses version 1 of the risk profile" in text
    assert "4 of 4" in text


def test_verified_decisive_and_answers_are_words(cases: dict[str, Case], bola: User, team: Client) -> None:
    build.verified(cases["sure"], "housing-issues", "present", by=bola)
    text = shown(team, page())
    for word in ("Present", "Absent", "Not known", ">verified<", ">decisive<"):
        assert word in text


def test_decision_that_departs_since_an_answer_changed_is_marked(
    cases: dict[str, Case], bola: User, team: Client
) -> None:
    selections.decide(case=cases["low"], outcome=Outcome.NOT_SELECTED, by=bola)
    for slug in ("parental-substance-misuse", "housing-issues"):
        build.verified(cases["low"], slug, "present", by=bola)
    assert "Departs now: reason needed" in shown(team, page())
    text = shown(team, page("selection_confirm"))
    assert "None given" in text
    assert "As suggested" not in text


def test_deciding_keeps_what_was_typed_when_refused(cases: dict[str, Case], team: Client) -> None:
    address = page("selection_decide", cases["tied"].public_id)
    text = team.post(address, {"outcome": "reserve", "reason": ""}).content.decode()
    assert "Give a reason: this case is tied at the cut-off" in text
    assert "Error: Decide on case" in text
    assert re.search(r'value="reserve"[^>]* checked', text)
    response = team.post(address, {"outcome": "reserve", "reason": "The other is stronger."})
    assert response.headers["Location"] == page()
    assert Decision.objects.get().reason == "The other is stronger."


def test_saving_goes_on_to_the_next_undecided_case(cases: dict[str, Case], team: Client) -> None:
    address = page("selection_decide", cases["sure"].public_id)
    response = team.post(address, {"outcome": "selected", "next": "1"})
    assert response.headers["Location"] == page("selection_decide", cases["tied"].public_id)


def test_decide_page_says_why_the_case_stands_there(cases: dict[str, Case], team: Client) -> None:
    text = shown(team, page("selection_decide", cases["tied"].public_id))
    assert "Joint second of 4: 2 of 4 present, 2 of them key." in text
    assert "1 case is ahead of it, with more present." in text
    assert AuditEvent.objects.filter(action="case.viewed", object_id=cases["tied"].public_id).exists()


def test_confirm_page_lists_what_blocks_it(cases: dict[str, Case], team: Client) -> None:
    assert "4 cases are not decided yet" in " ".join(shown(team, page("selection_confirm")).split())
    team.post(page("selection_accept"))
    text = shown(team, page("selection_confirm"))
    assert "2 cases are not decided yet" in " ".join(text.split())
    assert cases["level"].reference in text
    assert 'name="seen"' not in text


def test_confirming_on_the_page_leads_to_the_record(
    review: Review, cases: dict[str, Case], bola: User, team: Client
) -> None:
    team.post(page("selection_accept"))
    for name, outcome in (("tied", Outcome.SELECTED), ("level", Outcome.RESERVE)):
        selections.decide(case=cases[name], outcome=outcome, reason="It was a close thing.", by=bola)
    seen = team.get(page("selection_confirm")).context["form"]["seen"].value()
    response = team.post(page("selection_confirm"), {"seen": seen})
    assert response.headers["Location"] == page("selection_record", 1)
    text = shown(team, page("selection_record", 1))
    assert "It was a close thing." in text
    assert Selection.objects.get().digest in text
    assert "The record has this digest, and so has the audit" in text
    assert "007990001" not in text


def test_confirming_what_has_changed_shows_it_again(cases: dict[str, Case], bola: User, team: Client) -> None:
    team.post(page("selection_accept"))
    for name, outcome in (("tied", Outcome.SELECTED), ("level", Outcome.RESERVE)):
        selections.decide(case=cases[name], outcome=outcome, reason="So.", by=bola)
    seen = team.get(page("selection_confirm")).context["form"]["seen"].value()
    selections.decide(case=cases["low"], outcome=Outcome.RESERVE, by=bola)
    late = team.post(page("selection_confirm"), {"seen": seen})
    assert "has changed since you opened this page" in late.content.decode()
    assert not Selection.objects.confirmed().exists()
    again = late.context["form"]["seen"].value()
    assert team.post(page("selection_confirm"), {"seen": again}).status_code == 302


def test_number_that_differs_is_explained_on_the_page(
    cases: dict[str, Case], bola: User, team: Client
) -> None:
    team.post(page("selection_accept"))
    for name in ("tied", "level"):
        selections.decide(case=cases[name], outcome=Outcome.SELECTED, reason="So.", by=bola)
    confirm = page("selection_confirm")
    seen = team.get(confirm).context["form"]["seen"].value()
    assert "say why the number differs" in team.post(confirm, {"seen": seen}).content.decode()
    assert team.post(confirm, {"seen": seen, "note": "Both are strong."}).status_code == 302


def test_no_row_of_the_record_has_a_letter_beside_a_district(
    review: Review, cases: dict[str, Case], bola: User, team: Client
) -> None:
    build.confirmed(review, by=bola)
    text = shown(team, page("selection_record", 1))
    rows = [part.split("</tr>")[0] for part in text.split("<tr")[1:]]
    lettered = [row for row in rows if "Case A" in row or "Case B" in row]
    assert len(lettered) == 2
    assert not any(district in row for row in lettered for district in ("North", "South"))


def test_reopening_on_the_page(review: Review, cases: dict[str, Case], bola: User, team: Client) -> None:
    build.confirmed(review, by=bola)
    assert "Give a reason" in team.post(page("selection_reopen"), {"reason": ""}).content.decode()
    assert team.post(page("selection_reopen"), {"reason": "A wrong answer."}).status_code == 302
    assert "A wrong answer." in shown(team, page("selection_record", 1))
    assert "reopened" in shown(team, page())


def test_two_cases_side_by_side(cases: dict[str, Case], team: Client) -> None:
    a, b = cases["tied"].public_id, cases["low"].public_id
    text = shown(team, f"{page('selection_compare')}?a={a}&b={b}")
    assert "Different" in text
    assert "Same" in text
    assert "Select two different cases" in shown(team, f"{page('selection_compare')}?a={a}&b={a}")
    assert AuditEvent.objects.filter(action="case.viewed").count() == 2


def test_export_holds_what_is_shown_and_is_recorded(cases: dict[str, Case], team: Client) -> None:
    response = team.get(page("selection_export", "csv") + "?suggestion=tie")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [row["liberi_id"] for row in rows] == ["007990002", "007990003"]
    assert 'filename="babies-ranking-version-1.csv"' in response.headers["Content-Disposition"]
    event = AuditEvent.objects.get(action="ranking.exported")
    assert event.after["format"] == "csv"
    assert team.get(page("selection_export", "pdf")).status_code == 404


def put_forward(review: Review, number: int, by: User) -> None:
    """`number` cases, in turn from each district, with answers of every kind."""
    patterns = list(product(Presence.values, repeat=len(build.LINES)))
    districts = list(review.districts.values_list("name", flat=True))
    import_cases(
        review=review,
        cases=[
            SheetCase(
                row=place + 2,
                liberi_id=f"{place:06}",
                district=districts[place % len(districts)],
                assessment_date=build.ASSESSED,
                answers={
                    line.slug: answer
                    for line, answer in zip(build.LINES, patterns[place * 7 % len(patterns)], strict=True)
                },
            )
            for place in range(number)
        ],
        by=by,
    )


def test_page_of_many_cases_asks_as_few_questions_as_one_of_twelve(bola: User, team: Client) -> None:
    asked = []
    for slug, quota in (("twelve", 3), ("many", 75)):
        districts = ("North", "South", "East", "West")
        review = build.review(slug, by=bola, districts=districts, cases_per_district=quota, cases_to_select=6)
        put_forward(review, quota * 4, bola)
        review = move_to_stage(review=review, stage=Stage.SELECTING, by=bola)
        selections.accept_suggestions(review=review, by=bola)
        address = reverse("selection", args=[slug])
        team.get(address)
        for query in ("", "?sort=standing&standing=open", "?decision=selected", "?profile=1&wanted=5"):
            with CaptureQueriesContext(connection) as captured:
                assert team.get(address + query).status_code == 200
            asked.append((query, len(captured)))
        assert rank_review(review).total == quota * 4
    few, many = dict(asked[:4]), dict(asked[4:])
    # Of twelve cases, those that need attention stand on the page already.
    assert all(few[query] in (number, number - 1) for query, number in many.items()), asked
    assert many[""] <= 11


def test_where_more_are_tied_than_are_listed_no_number_is_promised(bola: User, team: Client) -> None:
    review = build.review(by=bola, cases_per_district=60, cases_to_select=4)
    answers_alike = [("North", "pppp")] * 2 + [("South", "ppaa")] * 55 + [("North", "paaa")] * 3
    sheet = [
        SheetCase(
            row=row,
            liberi_id=f"{row:06}",
            district=district,
            assessment_date=build.ASSESSED,
            answers={
                line.slug: build.MARKS[mark].value for line, mark in zip(build.LINES, marks, strict=True)
            },
        )
        for row, (district, marks) in enumerate(answers_alike, start=2)
    ]
    import_cases(review=review, cases=sheet, by=bola)
    review = move_to_stage(review=review, stage=Stage.SELECTING, by=bola)
    for _ in range(2):
        state = shown(team, page())
        assert "Accept the suggestions for undecided cases that are not tied" in state
        assert "Decide the tied cases" in state
        assert selections.accept_suggestions(review=review, by=bola) in (5, 0)


def test_pages_of_fifty_hold_every_case_once(bola: User, team: Client) -> None:
    review = build.review("many", by=bola, cases_per_district=30, cases_to_select=6)
    put_forward(review, 60, bola)
    address = reverse("selection", args=["many"])
    pages = [team.get(f"{address}?page={number}") for number in (1, 2)]
    seen = [row.ranked.case.pk for each in pages for row in each.context["rows"]]
    assert len(seen) == len(set(seen)) == 60
    assert "page 2 of 2" in pages[1].content.decode()
