"""What keeps a report from being released: each check with what it finds and what it leaves alone."""

from dataclasses import replace

import pytest

from cases.errors import Refused
from cases.models import Case, Review
from kscmp_review.accounts.models import User
from tests.themes import build_report_case as build
from tests.themes.build import HELD
from themes.actions import codebook, interviews, learning, release, report
from themes.actions.entries import Entry
from themes.actions.learning import Point
from themes.models import Passage
from themes.report.checks import Problem, problems_of
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Found
from themes.report.checks.registry import CHECKS
from themes.report.document import draft_of, material_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.Reported:
    return build.reported()


def problems(home: build.Reported, body: str | None = None) -> list[Problem]:
    if body is not None:
        home.write(body)
    return problems_of(material_of(home.review))


def sentences(home: build.Reported, body: str | None = None) -> str:
    return " ".join(problem.sentence for problem in problems(home, body))


def test_a_report_with_nothing_wrong_has_no_problems(home):
    assert problems(home, build.TEXT) == []


def test_each_problem_says_where_it_is_put_right(home):
    (problem,) = problems(home, "Ring 01632 960123.")
    assert problem.sentence.startswith("Section “Context” holds what looks like a telephone number")
    assert problem.at.section == "context"


@pytest.mark.parametrize(
    "written",
    ["70010001", "7001 0001", "7 0 0 1 0 0 0 1", "7001-0001", "ID:70010001,", "**7001**0001", "00998877"],
)
def test_a_liberi_id_is_found_however_it_is_written(home, written):
    assert "holds a Liberi ID" in sentences(home, f"See {written} in Liberi.")


@pytest.mark.parametrize("written", ["170010001", "70010009", "998877", "7001 and 0001", "2021"])
def test_other_numbers_are_no_liberi_id(home, written):
    assert "Liberi ID" not in sentences(home, f"See {written} there.")


def test_a_withdrawn_cases_liberi_id_is_found_too(home):
    Case.objects.filter(pk=home.cases[2].pk).update(withdrawn_at=home.review.created_at, slot=None)
    home.cases[2].refresh_from_db()
    assert "holds a Liberi ID" in sentences(home, f"See {home.cases[2].liberi_id} there.")


def test_a_short_liberi_id_is_looked_for_in_what_people_wrote_alone(home):
    case = Case.objects.exclude(pk__in=[each.pk for each in home.cases])[0]
    case.liberi_id = "3"
    case.save()
    assert sentences(home, "Seen in some.") == ""
    assert "holds a Liberi ID" in sentences(home, "Seen in case 3 alone.")


def test_an_account_holders_name_and_address_are_found(home):
    User.objects.filter(pk=home.lead.pk).update(name="Wren Finch")
    assert "holds “Wren Finch”, the name of an account holder" in sentences(home, "As Wren Finch says.")
    assert "holds “wren  finch”" in sentences(home, "As wren  finch says.")
    assert "e-mail address" in sentences(home, f"Ask {home.lead.email.upper()}.")


@pytest.mark.parametrize(
    "written",
    [
        "Wr**en** Finch",
        "Wren&nbsp;Finch",
        "Wr&#101;n Finch",
        "[there](https://people.example/wren-finch)",
        "[there](https://people.example/?who=Wren%20Finch)",
        "Wr\u034fen Finch",
    ],
)
def test_a_name_is_found_as_it_reads_and_in_a_link(home, written):
    User.objects.filter(pk=home.lead.pk).update(name="Wren Finch")
    assert "the name of an account holder" in sentences(home, f"As {written} says.")


@pytest.mark.parametrize("written", ["{}**{}**", "[there](https://kscmp.example/cases/{}{}/)"])
def test_the_programs_own_names_are_found_as_they_read_and_in_a_link(home, written):
    name = home.finding.public_id
    assert "program's own name" in sentences(home, written.format(name[:4], name[4:]))


@pytest.mark.parametrize(
    "written",
    [
        "**Most** families were seen.",
        "Most&nbsp;families were seen.",
        "> *Most* families were seen.",
        "| **Most** families | came |\n|---|---|\n| a | b |",
    ],
)
def test_what_is_emphasised_or_escaped_is_read_as_it_is_printed(home, written):
    (problem,) = problems(home, written)
    assert (problem.check.slug, "“Most families”" in problem.sentence) == ("quantifier", True)


def test_live_counts_are_known_in_emphasis_tables_and_links(home):
    count = "{{ cases_with_theme:agency-checks | short }}"
    table = f"| What | Which |\n|---|---|\n| Checks | {count} |"
    found = problems(home, f"Checks, **{count}**.\n\n{table}")
    assert [problem.check.slug for problem in found] == ["small-numbers"]
    assert "asks for" in sentences(home, "[there](https://kscmp.example/{{ cases_wanted }})")


def test_a_heading_that_was_put_right_leaves_nothing_in_the_document(home):
    section = report.add_section(review=home.review, heading="What Wren Finch did", by=home.reviewer)
    report.change_section(
        section=section, heading="What one did", body="", revision=section.revision, by=home.reviewer
    )
    assert "wren" not in draft_of(home.review).html.casefold()


def test_a_retired_theme_that_a_learning_point_names_is_looked_at(home):
    for name in ("Support by Priya", "What Mrs Wren did"):
        theme = codebook.add(
            review=home.review, strand="desk-top review", entry=Entry(name=name), by=home.reviewer
        )
        point = Point(text="Ask early.", audiences=["health"], themes=[theme])
        learning.add(review=home.review, point=point, by=home.team)
        codebook.retire(theme=theme, by=home.reviewer)
    told = sentences(home)
    assert "Learning point 1 holds what looks like the name of a person or a place: “Priya”" in told
    assert "Learning point 2 holds what looks like the name of a person or a place: “Mrs Wren”" in told


def test_a_forename_in_a_theme_or_the_title_is_found_there_and_everywhere(home):
    Review.objects.filter(pk=home.review.pk).update(title="Positive Practice Review for Kieran")
    home.review.refresh_from_db()
    home.checks.name = "Support by Priya"
    home.checks.save()
    told = sentences(home, "It was Priya who rang Kieran.")
    assert "The review's title holds what looks like the name of a person or a place: “Kieran”" in told
    assert "Theme “Support by Priya” holds what looks like the name" in told
    assert told.count("Section “Context” holds what looks like the name") == 2


def test_the_name_of_a_district_is_looked_at(home):
    home.review.districts.filter(name="North").update(name="CT1 2AB")
    assert "The name of a district holds what looks like a postcode" in sentences(home)


def test_the_short_name_after_which_files_are_called_is_looked_at(home):
    User.objects.filter(pk=home.lead.pk).update(name="Wren Finch")
    Review.objects.filter(pk=home.review.pk).update(slug="wren-finch-70010001")
    home.review.refresh_from_db()
    told = sentences(home)
    assert "The review's short name holds “wren finch”" in told
    assert "The review's short name holds a Liberi ID" in told


def test_a_name_inside_a_word_and_the_name_of_a_role_are_no_names(home):
    User.objects.filter(pk=home.lead.pk).update(name="Wren")
    User.objects.filter(pk=home.board.pk).update(name="Business team")
    assert problems(home, "Wrens, a wren and the business team.") == []


def test_a_name_in_a_themes_definition_is_found_with_its_place(home):
    codebook.change(
        theme=home.checks,
        entry=Entry(name="Agency checks", definition="As Mrs Wren did."),
        revision=1,
        by=home.reviewer,
    )
    (problem,) = problems(home)
    assert (problem.at.page, "Theme “Agency checks”" in problem.sentence) == ("codebook", True)


def test_personal_data_in_a_quotation_leads_to_its_case(home):
    finding = build.write_finding(home.cases[1], "They moved to CT1 2AB then.", home.reviewer)
    build.tag_words(finding, finding.text, [home.checks], home.reviewer, quotable=True)
    (problem,) = [each for each in problems(home) if each.check.slug == "postcode"]
    assert problem.at.case == home.cases[1].public_id


def test_a_rank_and_a_word_of_the_review_are_no_name_from_a_text(home):
    build.write_finding(home.cases[1], "A Nurse Practitioner and Ms North came.", home.reviewer)
    home.write("Practitioners of the North. Practitioner or not, all came.")
    assert "name-in-notes" not in {problem.check.slug for problem in problems(home)}


def test_a_purpose_with_a_name_leads_to_where_it_is_put_right(home):
    home.review.purpose = "To learn from what Priya did."
    home.review.save()
    (problem,) = [each for each in problems(home) if each.check.slug == "likely-name"]
    assert (problem.at.page, "The review's purpose" in problem.sentence) == ("review_settings", True)


def test_the_programs_own_names_are_found(home):
    assert "program's own name" in sentences(home, f"See {home.finding.public_id}.")
    assert problems(home, "See bcdfghjkmnpq.") == []


def test_a_live_count_that_does_not_exist_is_named(home):
    assert "asks for “{{ cases_wanted }}”" in sentences(home, "In {{ cases_wanted }}.")


def test_a_live_count_goes_unknown_when_its_theme_is_retired(home):
    assert problems(home, "In {{ cases_with_theme:early-request-for-support }}.") == []
    codebook.retire(theme=home.early, by=home.reviewer)
    assert "which is no live count" in sentences(home)


def test_a_typed_figure_is_found_and_a_live_count_is_none(home):
    assert "typed figure: “all 3 cases”" in sentences(home, "Seen in all 3 cases.")
    assert problems(home, "Seen in {{ cases_with_theme:agency-checks }}.") == []


def test_words_of_an_interview_without_agreement_are_found_in_a_section(home):
    words = " ".join(build.NOT_AGREED.split()[3:13])
    assert "did not agree to be quoted" in sentences(home, f"One said: {words}.")
    assert problems(home, f"One said: {build.AGREED}") == []


def test_a_passage_left_quotable_without_agreement_is_found(home):
    Passage.objects.filter(note=home.refused).update(quotable=True)
    (problem,) = problems(home)
    assert problem.at.case == home.cases[1].public_id
    assert "quoting was not agreed" in problem.sentence


def test_withdrawn_agreement_takes_the_quotation_out(home):
    home.write(f"One said: {build.AGREED} She said more.")
    interview = home.cases[0].interview
    interviews.record(
        case=home.cases[0],
        status="done",
        held_on=HELD,
        quoting_agreed=False,
        revision=interview.revision,
        by=home.reviewer,
    )
    found = problems(home)
    assert [problem.at.section for problem in found] == ["context"]


@pytest.mark.parametrize("slug", CHECKS)
def test_a_check_that_cannot_run_blocks_the_release(home, monkeypatch, slug):
    def fails(looked: Looked) -> list[Found]:
        raise ValueError("canary of an error")

    monkeypatch.setitem(CHECKS, slug, replace(CHECKS[slug], look=fails))
    (problem,) = problems(home, build.TEXT)
    title = CHECKS[slug].title
    assert problem.sentence == f"The check “{title}” could not run, so the report cannot be released."
    assert not problem.check.acceptable
    with pytest.raises(Refused, match="1 problem"):
        release.propose(review=home.review, by=home.team)
