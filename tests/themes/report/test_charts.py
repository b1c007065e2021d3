"""Charts say in words what they show, escape what they are given, and carry no style attributes."""

import re
import xml.etree.ElementTree as ET

import pytest

from cases.matching.proportions import exact_interval
from themes.report.charts import Answers, Pair, answers_chart, bar_chart, flow_chart, pairs_chart
from themes.report.pictures import png

SVG = "{http://www.w3.org/2000/svg}"
BARS = [("Agency checks", 5), ("C&F <assessment>", 6), ("Supervision", 0)]
CHARTS = [
    bar_chart("bars", "Themes & cases", BARS, 6),
    flow_chart("flow", "From asked to selected", [("asked for", 12), ("selected", 6)]),
    answers_chart("answers", "Answers", [Answers("Housing & home", 3, 2), Answers("Mental health", 6, 0)], 6),
    pairs_chart(
        "pairs",
        "Two groups",
        "index cases",
        "selected cases",
        [
            Pair("Housing <issues>", (5, 6), exact_interval(5, 6), (3, 4), exact_interval(3, 4)),
            Pair("Nothing known", (0, 0), exact_interval(0, 0), (6, 6), exact_interval(6, 6)),
        ],
    ),
]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_an_image_named_and_described(chart: str) -> None:
    drawn = ET.fromstring(chart)
    assert drawn.get("role") == "img"
    names = [
        element.get("id")
        for element in (drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc"))
        if element is not None
    ]
    assert (drawn.get("aria-labelledby") or "").split() == names


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_has_no_style_or_script_and_can_be_drawn(chart: str) -> None:
    for element in ET.fromstring(chart).iter():
        assert element.tag not in (f"{SVG}style", f"{SVG}script")
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
    assert png(chart).startswith(b"\x89PNG")


def test_every_figure_is_written_and_described() -> None:
    drawn = ET.fromstring(CHARTS[0])
    words = [element.text for element in drawn.iter(f"{SVG}text")]
    assert words == ["Agency checks", "5 of 6", "C&F <assessment>", "6 of 6", "Supervision", "0 of 6"]
    assert (
        drawn.findtext(f"{SVG}desc")
        == "Out of 6 cases: Agency checks, 5; C&F <assessment>, 6; Supervision, 0."
    )


def test_bars_are_as_long_as_their_counts() -> None:
    drawn = ET.fromstring(bar_chart("b", "T", [("a", 1), ("b", 2), ("c", 4), ("none", 0)], 4))
    filled = [int(bar.get("width", "")) for bar in drawn.iter(f"{SVG}rect") if bar.get("fill") != "#ffffff"]
    assert len(filled) == 3
    assert filled[1] == pytest.approx(filled[2] / 2, abs=1)
    assert filled[0] == pytest.approx(filled[2] / 4, abs=1)


def test_a_long_label_takes_several_lines_inside_the_drawing() -> None:
    label = "Multi-agency responsibility for co-owned and created support plans"
    drawn = ET.fromstring(bar_chart("b", "T", [(label, 1)], 1))
    lines = [element.text or "" for element in drawn.iter(f"{SVG}text")][:-1]
    assert " ".join(lines) == label
    assert max(map(len, lines)) <= 34


def test_a_chart_of_nothing_is_still_a_chart() -> None:
    assert ET.fromstring(bar_chart("b", "T", [], 0)).findtext(f"{SVG}title") == "T"
    assert ET.fromstring(bar_chart("b", "T", [("a", 0)], 0)).findtext(f"{SVG}title") == "T"


@pytest.mark.parametrize("count", [-1, 7])
def test_a_bar_outside_its_total_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="not between 0 and 6"):
        bar_chart("b", "T", [("a", count)], 6)


@pytest.mark.parametrize("steps", [1, 6])
def test_a_flow_has_two_to_five_steps(steps: int) -> None:
    with pytest.raises(ValueError, match="two to five"):
        flow_chart("f", "T", [("step", 1)] * steps)


def test_a_flow_tells_its_steps_in_order() -> None:
    assert ET.fromstring(CHARTS[1]).findtext(f"{SVG}desc") == "asked for: 12, then selected: 6."


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2): what is left of a colour in greyscale."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("chart", CHARTS)
def test_every_line_and_edge_stands_out_from_paper_in_colour_and_in_greyscale(chart: str) -> None:
    """WCAG 1.4.11: 3 to 1 for what is drawn, 4.5 to 1 for words; luminance is what greyscale keeps."""
    for element in ET.fromstring(chart).iter():
        kind = element.tag.removeprefix(SVG)
        if kind == "text":
            assert contrast(element.get("fill", ""), "#f3f2f1") >= 4.5
        elif kind in ("rect", "circle", "path"):
            assert contrast(element.get("stroke", ""), "#ffffff") >= 3
            fill = element.get("fill", "")
            # Full or empty: nothing in between, which paper would swallow.
            assert fill == "none" or contrast(fill, "#ffffff") >= 7 or contrast(fill, "#ffffff") < 1.2


@pytest.mark.parametrize("chart", CHARTS)
def test_nothing_is_drawn_outside_the_picture(chart: str) -> None:
    drawn = ET.fromstring(chart)
    width, height = (float(side) for side in (drawn.get("viewBox") or "").split()[2:])
    for element in drawn.iter():
        if element.tag == f"{SVG}rect":
            left, top = float(element.get("x", "")), float(element.get("y", ""))
            assert left >= 0
            assert top >= 0
            assert left + float(element.get("width", "")) <= width
            assert top + float(element.get("height", "")) <= height
        for x, y in re.findall(r"[ML](-?\d+) (-?\d+)", element.get("d", "")):
            assert 0 <= int(x) <= width
            assert 0 <= int(y) <= height


def test_not_known_is_hatched_and_never_drawn_as_absent() -> None:
    drawn = ET.fromstring(CHARTS[2])
    assert drawn.findtext(f"{SVG}desc") == (
        "Out of 6 cases: Housing & home, 3 present and 2 not known; Mental health, 6 present."
    )
    words = [element.text for element in drawn.iter(f"{SVG}text")]
    assert words[:3] == ["present", "not known", "absent"]
    assert [word for word in words if word and word.endswith("of 6")] == ["3 of 6", "6 of 6"]
    # One pattern in the key, and one in the bar of the case of which something is not known.
    assert len([path for path in drawn.iter(f"{SVG}path") if (path.get("d") or "").count("M") > 2]) == 2


@pytest.mark.parametrize(
    "row", [Answers("a", 7, 0), Answers("a", 4, 3), Answers("a", -1, 0), Answers("a", 1, -1)]
)
def test_more_answers_than_cases_are_refused(row: Answers) -> None:
    with pytest.raises(ValueError, match="not between 0 and 6"):
        answers_chart("a", "T", [row], 6)


def test_a_pair_tells_both_counts_and_both_intervals() -> None:
    drawn = ET.fromstring(CHARTS[3])
    assert drawn.findtext(f"{SVG}desc") == (
        "With 95% intervals. Housing <issues>: index cases 5 of 6, 36% to 100%,"
        " selected cases 3 of 4, 19% to 99%; Nothing known: index cases not known,"
        " selected cases 6 of 6, 54% to 100%."
    )
    words = [element.text for element in drawn.iter(f"{SVG}text")]
    assert {"5 of 6", "3 of 4", "not known", "6 of 6", "none", "half", "all"} <= set(words)
    # A ring and a block in the key; then a ring and a block, and a block where the ring has nothing to show.
    assert len(list(drawn.iter(f"{SVG}circle"))) == 2
    assert len(list(drawn.iter(f"{SVG}rect"))) == 3
