"""What reviewers wrote in the demonstration review covers every theme and quotes nobody who did not agree."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from themes.demonstration.content import FOLDER, read, span
from themes.models import Audience, FollowUpStatus

THEMES = {theme["slug"]: theme for theme in read("codebook")["themes"]}
FINDINGS = read("findings")["findings"]
INTERVIEWS = read("interviews")["interviews"]
NOTES = [(interview, note) for interview in INTERVIEWS for note in interview.get("notes", [])]
SECTIONS = read("report")["sections"]
SELECTED = {each["case"] for each in read("decisions")["decisions"] if each["outcome"] == "selected"}
LIBERI_IDS = [case["liberi_id"] for case in read("cases")["cases"]]

DESK_TOP, FEEDBACK = "desk-top review", "feedback from professionals"


def passages() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(case, strand, text, passage) of every passage marked in a finding or a note."""
    for finding in FINDINGS:
        for passage in finding["passages"]:
            yield finding["case"], DESK_TOP, finding["text"], passage
    for interview, note in NOTES:
        for passage in note.get("passages", []):
            yield interview["case"], FEEDBACK, note["text"], passage


def cases_by_theme() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for case, _, _, passage in passages():
        for slug in passage["themes"]:
            found[slug].add(case)
    return found


def test_every_passage_stands_once_in_its_text_and_passages_do_not_repeat() -> None:
    spans = [(text, span(passage["words"], text)) for _, _, text, passage in passages()]
    assert len(set(spans)) == len(spans)


def test_span_refuses_words_that_are_missing_or_stand_twice() -> None:
    assert span("later", "now and later") == (8, 13)
    for words in ("never", "n"):
        with pytest.raises(ValueError, match="stands"):
            span(words, "now and then")


def test_tags_stay_in_their_strand_and_a_sub_theme_is_tagged_with_its_theme() -> None:
    for _, strand, _, passage in passages():
        assert passage["themes"]
        for slug in passage["themes"]:
            assert THEMES[slug]["strand"] == strand
            assert THEMES[slug].get("parent", slug) in passage["themes"]


def test_the_codebook_has_two_levels_and_one_circular_theme() -> None:
    for theme in THEMES.values():
        if "parent" in theme:
            assert "parent" not in THEMES[theme["parent"]]
            assert THEMES[theme["parent"]]["strand"] == theme["strand"]
        assert theme["definition"]
        assert theme["when_to_use"]
        assert theme["example"]
    assert [theme["slug"] for theme in THEMES.values() if "restates" in theme] == ["family-history-with-ics"]


@pytest.mark.parametrize(
    ("slug", "cases"),
    [
        ("agency-checks", 6),
        ("pre-birth-assessment", 6),
        ("infant-death-risk-considered", 3),
        ("fgc-referrals", 6),
        ("case-notes", 5),
        ("supervision", 6),
        ("family-history-with-ics", 6),
        ("early-request-for-support", 4),
        ("family-support-network", 5),
        ("relationship-building", 4),
        ("shared-responsibility-for-plans", 4),
        ("creative-and-practical-support", 2),
    ],
)
def test_each_theme_is_found_in_as_many_cases_as_the_report_will_say(slug: str, cases: int) -> None:
    assert len(cases_by_theme()[slug]) == cases


def test_every_theme_is_used() -> None:
    assert set(cases_by_theme()) == set(THEMES)


@pytest.mark.parametrize(
    "slug", [slug for slug, theme in THEMES.items() if "parent" not in theme and "restates" not in theme]
)
def test_every_theme_has_at_least_two_passages_to_quote(slug: str) -> None:
    assert sum(passage["quotable"] and slug in passage["themes"] for *_, passage in passages()) >= 2


def test_no_word_of_an_interview_is_quotable_where_quoting_was_not_agreed() -> None:
    refused = [note for interview, note in NOTES if not interview["quoting_agreed"]]
    assert refused
    assert not any(passage["quotable"] for note in refused for passage in note.get("passages", []))


def test_five_of_the_six_social_workers_took_part_and_four_agreed_to_be_quoted() -> None:
    assert {interview["case"] for interview in INTERVIEWS} == SELECTED
    done = [interview for interview in INTERVIEWS if interview["status"] == "done"]
    assert len(done) == 5
    assert sum(interview["quoting_agreed"] for interview in done) == 4
    assert [each["status_reason"] for each in INTERVIEWS if each["status"] == "unavailable"] == [
        "maternity leave"
    ]
    asked = {question["key"] for question in read("interviews")["topic_guide"]}
    assert {note["question"] for _, note in NOTES} == asked


@pytest.mark.parametrize("case", sorted(SELECTED))
def test_every_selected_case_has_the_four_records_that_all_six_have(case: str) -> None:
    own = [finding for finding in FINDINGS if finding["case"] == case]
    assert {"agency check", "C&F assessment", "FGC referral", "supervision record"} <= {
        finding["record_kind"] for finding in own
    }
    assert 4 <= len(own) <= 7


def test_findings_tell_practice_required_expected_and_beyond_and_what_could_be_better() -> None:
    assert {finding["case"] for finding in FINDINGS} == SELECTED
    assert {finding["expectation"] for finding in FINDINGS} == {"required", "expected", "beyond"}
    assert sum(finding["quality"] == "could be better" for finding in FINDINGS) >= 5


def test_texts_are_as_long_as_a_reviewers_note() -> None:
    assert all(60 <= len(finding["text"].split()) <= 160 for finding in FINDINGS)
    assert all(50 <= len(note["text"].split()) <= 120 for _, note in NOTES)


def test_cells_name_selected_cases_and_known_themes_and_contradict_no_tag() -> None:
    found = cases_by_theme()
    for cell in read("cells")["cells"]:
        assert cell["case"] in SELECTED
        assert (cell["case"] in found[cell["theme"]]) != cell["looked_for_not_found"]


def test_every_live_count_of_the_report_names_something_that_exists() -> None:
    known = {
        "cases_with_theme": set(THEMES),
        "cases_with_characteristic": {line["slug"] for line in read("profile_change")["characteristics"]},
        "selected_in": set(read("review")["districts"]),
    }
    alone = {"cases_selected", "cases_submitted", "districts", "interviews_done"}
    counts = [count for section in SECTIONS for count in re.findall(r"\{\{ (\S+) \}\}", section["body"])]
    assert len(counts) == sum(section["body"].count("{{") for section in SECTIONS)
    for count in counts:
        kind, _, name = count.partition(":")
        assert name in known[kind] if name else kind in alone


def test_the_report_speaks_of_every_theme_and_types_no_figure_of_cases() -> None:
    body = " ".join(section["body"] for section in SECTIONS)
    for slug, theme in THEMES.items():
        if "parent" not in theme and "restates" not in theme:
            assert "{{ cases_with_theme:" + slug + " }}" in body
    assert not re.search(r"\d+ (of the )?(\d+ )?(cases|social workers)", body)


def test_no_liberi_id_stands_anywhere_but_with_its_case() -> None:
    for path in FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for liberi_id in LIBERI_IDS:
            assert text.count(liberi_id) == (path.name == "cases.toml")


LEARNING = read("learning")["points"]


def test_learning_points_rest_on_themes_of_the_codebook_and_one_on_a_circular_one() -> None:
    assert 5 <= len(LEARNING) <= 8
    assert {slug for point in LEARNING for slug in point["themes"]} <= set(THEMES)
    circular = [point for point in LEARNING if any("restates" in THEMES[slug] for slug in point["themes"])]
    assert len(circular) == 1


def test_learning_points_reach_every_audience_and_show_every_state_of_the_follow_up() -> None:
    assert {audience for point in LEARNING for audience in point["audiences"]} == set(Audience.values)
    steps = [point["steps"][-1]["status"] if "steps" in point else "not started" for point in LEARNING]
    assert set(steps) == set(FollowUpStatus.values)
