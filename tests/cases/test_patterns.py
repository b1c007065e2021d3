"""A template drawn once with gaps and filled says what it would say drawn each time."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from cases.patterns import Pattern, gap, pattern
from cases.templatetags import ranking
from themes.templatetags import matrix, texts

HARD = ("plain", "<b>&\"'</b>", "100% %s %(name)s {0}", mark_safe("<i>drawn</i>"), 7, "\n a ", "")
# Every template that is filled, with its gaps.
FILLED = {
    "cases/selection/row.html": ranking.ROW_GAPS,
    "cases/selection/bar.html": ranking.BAR_GAPS,
    "cases/selection/decisive_row.html": ranking.DECISIVE_GAPS,
    "themes/codebook/passage.html": texts.QUOTE_GAPS,
    "themes/matrix/count.html": matrix.CELL_GAPS,
    "themes/tagging/text.html": texts.TEXT_GAPS,
    "themes/tagging/passage.html": texts.PASSAGE_GAPS,
    "themes/tagging/passage_theme.html": texts.THEME_GAPS,
    "themes/tagging/panel_theme.html": texts.PANEL_GAPS,
}


@pytest.mark.parametrize("value", HARD)
def test_a_filled_pattern_says_what_the_template_says(value: object) -> None:
    source = '<a title="{{ one }}" href="?a=%20">{{ one }}</a>{% if told %}100% {{ two }}{% endif %}'
    gaps = {name: gap(name) for name in ("one", "two")}
    for told in (True, False):
        drawn = Template(source).render(Context({"told": told, **gaps}))
        values = {"one": value, "two": "b"}
        assert Pattern(drawn).filled(values) == Template(source).render(Context({"told": told, **values}))


def test_what_is_left_out_is_noticed_and_what_is_not_asked_for_is_not() -> None:
    told = {"retired": False, "may_remove": False, "second": False}
    of_theme = pattern("themes/tagging/passage_theme.html", texts.THEME_GAPS, **told)
    assert of_theme.filled({"name": "Checks", "slug": "checks"}).strip() == (
        '<li class="house-theme">Checks</li>'
    )
    with pytest.raises(KeyError):
        of_theme.filled({"slug": "checks"})


def test_a_theme_with_a_form_is_that_of_its_template() -> None:
    values = {
        "name": "Trust & <care>",
        "slug": "trust",
        "url": "/a/",
        "place": "passage 3",
        "csrf_token": "t",
    }
    told = {"retired": True, "may_remove": True, "second": False}
    drawn = pattern("themes/tagging/passage_theme.html", texts.THEME_GAPS, **told).filled(values)
    assert drawn == render_to_string("themes/tagging/passage_theme.html", {**told, **values})
    assert "Trust &amp; &lt;care&gt; (retired)" in drawn


def asked_about(template: str, gaps: tuple[str, ...]) -> list[str]:
    """What a template asks about its gaps, or does with them beyond saying them."""
    tags = re.findall(r"\{%.*?%\}|\{\{.*?\}\}", template)
    names = re.compile(rf"\b({'|'.join(gaps)})\b")
    without_words = [re.sub(r"\"[^\"]*\"|'[^']*'", "", tag) for tag in tags]
    return [
        tag
        for tag in without_words
        if names.search(tag) and tag != "{% csrf_token %}" and not re.fullmatch(r"\{\{ \w+ \}\}", tag)
    ]


@pytest.mark.parametrize("name", FILLED)
def test_no_template_asks_about_a_gap(name: str) -> None:
    assert asked_about(Path(settings.BASE_DIR, "templates", name).read_text(), FILLED[name]) == []


@pytest.mark.parametrize("tag", ["{% if name %}", "{{ name|upper }}", '{% url "x" name %}'])
def test_a_question_about_a_gap_is_noticed(tag: str) -> None:
    assert len(asked_about(f'{{{{ name }}}} {tag} {{% if told == "name" %}}', ("name", "slug"))) == 1


def test_every_template_that_is_filled_is_looked_at() -> None:
    folder = Path(settings.BASE_DIR, "templates")
    filled = [path for path in folder.rglob("*.html") if "a pattern (cases.patterns)" in path.read_text()]
    assert sorted(path.relative_to(folder).as_posix() for path in filled) == sorted(FILLED)
