"""Charts say in words what they show, escape what they are given, and carry no style attributes."""

import xml.etree.ElementTree as ET

import pytest

from themes.report.charts import bar_chart, flow_chart
from themes.report.pictures import png

SVG = "{http://www.w3.org/2000/svg}"
BARS = [("Agency checks", 5), ("C&F <assessment>", 6), ("Supervision", 0)]
CHARTS = [
    bar_chart("bars", "Themes & cases", BARS, 6),
    flow_chart("flow", "From asked to selected", [("asked for", 12), ("selected", 6)]),
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
