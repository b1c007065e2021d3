"""The GOV.UK template pack, the frame of a page and the parts of a screen, in each of their states."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.utils.safestring import mark_safe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from cases.forms.fields import DateField, DatePartsField, Form, LongTextField, in_sentence
from cases.templatetags.components import count_of, status
from cases.templatetags.govuk import problems_in
from tests import build
from tests.look.forms import WRONG, Everything, LaidOut, Line, Lines
from tests.look.views import as_posted

pytestmark = pytest.mark.urls("tests.look.urls")

FORM_PAGES = [f"/look/everything/?state={state}" for state in ("empty", "filled", "wrong", "missing")]
FORM_PAGES += ["/look/laid-out/", "/look/laid-out/?quota=many&answer=perhaps"]
OTHER_PAGES = [
    "/look/parts/",
    "/look/confirmed/",
    "/look/broken/403/",
    "/look/broken/404/",
    "/look/broken/400/",
    "/look/broken/500/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/signup/",
    "/accounts/inactive/",
]
WRONG_PAGES = [FORM_PAGES[2], FORM_PAGES[3], FORM_PAGES[5]]


def render(source: str, **context: Any) -> str:
    return Template("{% load crispy_forms_tags govuk components %}" + source).render(Context(context))


@pytest.mark.parametrize("source", ["{{ form|crispy }}", "{% crispy form %}", "{{ form|as_crispy_errors }}"])
@pytest.mark.parametrize("given", [None, {}, {"reference": "1", "opened_on_day": "32"}])
def test_every_field_draws_in_every_state(source: str, given: dict[str, str] | None) -> None:
    form = Everything(as_posted(given) if given is not None else None)
    drawn = render(source, form=form)
    assert ("There is a problem" in drawn) == ("errors" in source and given is not None)


@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_every_field_draws_by_itself(name: str) -> None:
    drawn = render("{{ field|as_crispy_field }}", field=Everything({})[name])
    assert f'name="{name}' in drawn or name == "nothing"


def test_no_form_draws_an_inline_style_or_script() -> None:
    drawn = render("{{ form|crispy }}{{ laid|crispy }}", form=Everything({}), laid=LaidOut({}))
    assert not re.search(r"\sstyle=|<script|\son\w+=", drawn)


def test_a_form_without_ids_still_joins_labels_to_fields() -> None:
    drawn = render("{{ form|crispy }}", form=Everything({}, auto_id=False))
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', drawn))
    assert labelled
    assert labelled <= set(re.findall(r' id="([^"]+)"', drawn))


def test_what_describes_a_field_is_on_the_page() -> None:
    drawn = render("{{ form|crispy }}", form=Everything(as_posted({"reference": "1"})))
    named = {one for ids in re.findall(r'aria-describedby="([^"]+)"', drawn) for one in ids.split()}
    assert named
    assert named <= set(re.findall(r' id="([^"]+)"', drawn))


def test_a_long_text_is_counted_and_never_cut_off() -> None:
    drawn = render("{{ form.evidence|as_crispy_field }}", form=Everything())
    assert 'data-maxlength="200"' in drawn
    assert ' maxlength="' not in drawn
    assert "You can enter up to 200 characters" in drawn


def test_a_character_count_needs_no_help_text() -> None:
    class Note(Form):
        text = LongTextField(max_length=9)

    assert "data-maxlength" in render("{{ form|crispy }}", form=Note({"text": "x" * 10}))


def test_drawing_a_field_leaves_its_widget_as_it_was() -> None:
    form = Everything({})
    before = dict(form.fields["reference"].widget.attrs)
    assert render("{{ form|crispy }}", form=form) == render("{{ form|crispy }}", form=form)
    assert form.fields["reference"].widget.attrs == before


def test_labels_hints_and_errors_are_escaped() -> None:
    class Sly(Form):
        name = forms.ChoiceField(label="<b>label", help_text="<b>hint", choices=[("<b>v", "<b>option")])

    drawn = render("{% error_summary form %}{{ form|crispy }}", form=Sly({"name": "<b>typed"}))
    assert "<b>" not in drawn
    assert drawn.count("&lt;b&gt;") >= 5


def test_a_formset_draws_its_rows_and_its_faults() -> None:
    given = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-wording": "Housing"}
    drawn = render("{% error_summary formset %}{% crispy formset %}", formset=Lines(given))
    assert 'href="#id_form-0-tier_0"' in drawn
    assert 'id="id_form-0-tier_0"' in drawn
    assert "Row 1" in drawn


def test_a_formset_without_its_management_form_is_drawn_all_the_same() -> None:
    assert "There is a problem" in render(
        "{% error_summary formset %}{{ formset|crispy }}", formset=Lines({})
    )


def test_the_summary_lists_forms_sentences_and_formsets_once_each() -> None:
    form = Line({"wording": "Housing"})
    found = problems_in([form, [form], "The sheet is empty.", None, Lines()])
    assert [problem.message for problem in found] == ["Select tier", "The sheet is empty."]
    assert [problem.target for problem in found] == ["id_tier_0", ""]


def test_a_fault_of_the_whole_form_leads_to_its_first_field() -> None:
    class Pair(Form):
        secret = forms.CharField(widget=forms.HiddenInput, required=False)
        first = forms.CharField()

        def clean(self) -> None:
            raise ValidationError("These do not go together.")

    assert 'href="#id_first"' in render("{% error_summary form %}", form=Pair({"first": "x"}))


def test_an_empty_field_says_what_to_do() -> None:
    form = Everything({})
    assert form.errors["reference"] == ["Enter reference"]
    assert form.errors["answer"] == ["Select answer"]
    assert in_sentence("Liberi ID") == "Liberi ID"
    assert in_sentence("C&F assessment") == "C&F assessment"
    assert in_sentence("Assessment date") == "assessment date"


def test_a_field_filled_wrongly_names_itself_in_plain_words() -> None:
    errors = Everything(as_posted(WRONG), {"sheet": SimpleUploadedFile("a.csv", b"")}).errors
    assert errors["cases_wanted"] == ["Cases wanted must be 1 or more"]
    assert errors["evidence"] == ["Evidence must be 200 characters or fewer"]
    assert errors["district"] == ["Choose district from the list"]
    assert errors["email"] == ["Enter an email address in the correct format, like name@example.com"]
    assert errors["assessed_on"] == ["Enter a real date. For example, 5/3/2021"]


def test_a_message_that_a_field_brings_is_kept() -> None:
    class Own(Form):
        name = forms.CharField(error_messages={"required": "Say who"}, max_length=2, label="5% name")
        sheet = forms.FileField(max_length=3)

    files = {"sheet": SimpleUploadedFile("long name.csv", b"x")}
    assert Own({}).errors["name"] == ["Say who"]
    assert Own({"name": "abc"}, files).errors["name"] == ["5% name must be 2 characters or fewer"]
    assert "sheet" in Own({"name": "ab"}, files).errors


@pytest.mark.parametrize("typed", ["5/3/2021", "05/03/2021", "2021-03-05", "5 March 2021", "5 Mar 2021"])
def test_a_date_may_be_typed_in_any_usual_way(typed: str) -> None:
    assert DateField().clean(typed).isoformat() == "2021-03-05"


@pytest.mark.parametrize("typed", ["5/3/21", "31/2/2021", "2021", "yesterday"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="real date"):
        DateField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "parts", "message"),
    [
        (["5", "", "2021"], [1], "must include a month"),
        (["5", "", ""], [1, 2], "must include a month and a year"),
        (["5", "13", "2021"], [1], "must be a real date"),
        (["31", "2", "2021"], [0, 1, 2], "must be a real date"),
        (["5", "3", "21"], [2], "must be a real date"),
        (["٥", "3", "2021"], [0], "must be a real date"),
    ],
)
def test_a_date_in_parts_says_which_part_is_wrong(typed: list[str], parts: list[int], message: str) -> None:
    with pytest.raises(ValidationError, match=message) as raised:
        DatePartsField(label="100% date").clean(typed)
    assert raised.value.params == {"parts": parts}


def test_a_date_in_parts_is_read_and_shown_again() -> None:
    class Day(Form):
        day = DatePartsField(required=False)

    form = Day({"day_day": "5", "day_month": "3", "day_year": "2021"})
    assert form.is_valid()
    again = render("{{ form|crispy }}", form=Day(initial={"day": form.cleaned_data["day"]}))
    assert re.findall(r'value="(\d+)"', again) == ["5", "3", "2021"]
    assert Day({}).is_valid()


def test_newlines_of_a_long_text_are_one_character() -> None:
    assert LongTextField().clean("a\r\nb\rc") == "a\nb\nc"


def test_an_answer_is_told_by_shape_and_word() -> None:
    drawn = {
        value: render("{% answer value %}", value=value) for value in ("present", "absent", "not known", "")
    }
    assert all(word in drawn[value] for value, word in [("present", "Present"), ("", "Not known")])
    shapes = {re.sub(r"<span.*", "", text.split("<svg")[1], flags=re.DOTALL) for text in drawn.values()}
    assert len(shapes) == 3


def test_counts_read_as_words() -> None:
    assert [count_of(some, 6) for some in (0, 5, 6)] == ["none of the 6", "5 of the 6", "all 6"]


def test_the_last_pages_need_no_context() -> None:
    for name in ("400.html", "500.html"):
        assert "<h1" in render_to_string(name)


@pytest.mark.django_db
@pytest.mark.parametrize("address", FORM_PAGES + OTHER_PAGES)
def test_pages_hold_nothing_the_content_policy_forbids(client: Client, address: str) -> None:
    text = client.get(address).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|href=\"javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.django_db
def test_errors_mark_the_title_and_hold_back_other_notices(client: Client) -> None:
    wrong = client.get("/look/everything/?state=wrong").content.decode()
    assert "<title>Error: Every field" in wrong
    assert "govuk-notification-banner" not in wrong
    assert "<title>Every part (page 2 of 9)" in client.get("/look/parts/").content.decode()


@pytest.mark.django_db
def test_pages_of_a_list_keep_the_rest_of_the_address(client: Client) -> None:
    text = client.get("/look/parts/?sort=rank&page=2").content.decode()
    assert "?sort=rank&amp;page=3" in text


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A page of the browser; its test fails when a script errs or the content policy blocks something."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "the server responded with a status of" not in line] == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", FORM_PAGES + OTHER_PAGES)
def test_no_page_breaks_an_accessibility_rule(quiet: Page, live_server: LiveServer, address: str) -> None:
    quiet.goto(live_server.url + address)
    if "broken/400" not in address and "broken/500" not in address:
        quiet.wait_for_selector("body.govuk-frontend-supported")
    found = Axe().run(quiet)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_signing_in_failing_and_signing_out_again_break_no_accessibility_rule(
    quiet: Page, live_server: LiveServer
) -> None:
    build.user("lead")
    quiet.goto(f"{live_server.url}/accounts/login/")
    for password in ("wrong", build.PASSWORD):
        quiet.get_by_label("Email address").fill("lead@kscmp.example")
        quiet.get_by_label("Password", exact=True).fill(password)
        quiet.get_by_role("button", name="Sign in", exact=True).click()
        quiet.wait_for_selector(
            "text=There is a problem" if password == "wrong" else "text=Signed in as Lead"
        )
        assert Axe().run(quiet).violations_count == 0
    for address in ("/look/parts/", "/accounts/password/change/", "/accounts/logout/"):
        quiet.goto(live_server.url + address)
        found = Axe().run(quiet)
        assert found.violations_count == 0, found.generate_report()
    quiet.goto(f"{live_server.url}/accounts/password/change/")
    quiet.locator("main").get_by_role("button", name="Change password").click()
    quiet.wait_for_selector("text=There is a problem")
    assert Axe().run(quiet).violations_count == 0
    quiet.get_by_role("button", name="Sign out").click()
    quiet.wait_for_selector("h1:has-text('Sign in')")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", WRONG_PAGES)
def test_every_link_of_the_error_summary_lands_on_its_field(
    quiet: Page, live_server: LiveServer, address: str
) -> None:
    quiet.goto(live_server.url + address)
    quiet.wait_for_selector("body.govuk-frontend-supported")
    links = quiet.locator(".govuk-error-summary__list a")
    assert links.count() > 3
    for position in range(links.count()):
        link = links.nth(position)
        target = (link.get_attribute("href") or "").removeprefix("#")
        link.click()
        assert quiet.evaluate("document.activeElement.id") == target, link.inner_text()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [FORM_PAGES[2], *OTHER_PAGES[:3]])
def test_no_page_scrolls_sideways_on_a_narrow_screen(
    quiet: Page, live_server: LiveServer, address: str
) -> None:
    quiet.set_viewport_size({"width": 320, "height": 640})
    quiet.goto(live_server.url + address)
    assert quiet.evaluate("document.documentElement.scrollWidth") <= 320


CORNER_IS_IN_SIGHT = """() => {
  const box = document.querySelector(".house-scroll");
  const edge = box.getBoundingClientRect();
  const corner = box.querySelector("thead th").getBoundingClientRect();
  const scrolled = box.scrollLeft > 0 && box.scrollTop > 0;
  return scrolled && Math.abs(corner.x - edge.x) < 2 && Math.abs(corner.y - edge.y) < 2;
}"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_head_and_first_column_of_a_wide_table_stay_in_sight(
    quiet: Page, live_server: LiveServer
) -> None:
    quiet.set_viewport_size({"width": 700, "height": 500})
    quiet.goto(f"{live_server.url}/look/parts/")
    region = quiet.locator(".house-scroll")
    region.focus()
    region.evaluate("box => box.scrollTo(300, 300)")
    # Where the head stands once the scrolling has been drawn; a corner that goes out of sight times out.
    quiet.wait_for_function(CORNER_IS_IN_SIGHT)


def test_a_state_is_escaped_whoever_showed_it_first():
    """It is drawn once for all that show it: words said to be safe must not let the same words through."""
    words = "<b>Odd</b>"
    for given in (mark_safe(words), words):
        assert "&lt;b&gt;Odd" in status("open", word=given)
