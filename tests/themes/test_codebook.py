"""Keeping the codebook, and reading a theme across cases."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.errors import Refused, Stale
from cases.models import Characteristic
from cases.permissions import NotAllowed
from kscmp_review.audit.models import AuditEvent
from tests.themes import build
from themes.actions import codebook, passages
from themes.actions.entries import Entry
from themes.models import Strand, Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.House:
    return build.house()


def page(person, name: str, *args: object) -> str:
    client = Client()
    client.force_login(person)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def order(home: build.House) -> list[str]:
    return list(Theme.objects.of(home.review).in_codebook_order().values_list("name", flat=True))


def test_themes_stand_in_two_levels_in_the_order_they_were_added(home):
    checks = build.theme(home, "Agency checks")
    build.theme(home, "Supervision")
    build.theme(home, "Building a history", parent=checks)
    build.theme(home, "Relationship building", strand=Strand.FEEDBACK)
    assert order(home) == ["Agency checks", "Building a history", "Supervision", "Relationship building"]


def test_a_theme_moves_among_its_own_level_only(home):
    checks = build.theme(home, "Agency checks")
    supervision = build.theme(home, "Supervision")
    first = build.theme(home, "Building a history", parent=checks)
    build.theme(home, "Testing accounts", parent=checks)
    codebook.move(theme=supervision, direction="up", by=home.reviewer)
    codebook.move(theme=first, direction="down", by=home.reviewer)
    assert order(home) == ["Supervision", "Agency checks", "Testing accounts", "Building a history"]
    with pytest.raises(Refused):
        codebook.move(theme=supervision, direction="up", by=home.reviewer)


def test_a_third_level_is_refused(home):
    checks = build.theme(home, "Agency checks")
    history = build.theme(home, "Building a history", parent=checks)
    with pytest.raises(Refused, match="two levels"):
        build.theme(home, "Dates", parent=history)


def test_a_theme_with_sub_themes_cannot_become_one(home):
    checks, other = build.theme(home, "Agency checks"), build.theme(home, "Supervision")
    build.theme(home, "Building a history", parent=checks)
    with pytest.raises(Refused, match="sub-themes of its own"):
        codebook.change(
            theme=checks, entry=Entry(name="Agency checks", parent=other), revision=1, by=home.reviewer
        )


def test_a_sub_theme_of_the_other_strand_is_refused(home):
    checks = build.theme(home, "Agency checks")
    with pytest.raises(Refused, match="strand"):
        build.theme(home, "Who can help", strand=Strand.FEEDBACK, parent=checks)


def test_a_second_theme_of_the_same_name_is_refused_in_one_strand_only(home):
    build.theme(home, "Supervision")
    with pytest.raises(Refused, match="already"):
        build.theme(home, " supervision ")
    build.theme(home, "Supervision", strand=Strand.FEEDBACK)
    assert sorted(Theme.objects.values_list("slug", flat=True)) == ["supervision", "supervision-2"]


def test_a_theme_called_new_does_not_hide_the_page_that_adds_one(home):
    assert build.theme(home, "New").slug != "new"


def test_only_reviewers_keep_the_codebook(home):
    theme = build.theme(home, "Supervision")
    with pytest.raises(NotAllowed):
        codebook.retire(theme=theme, by=home.team)


def test_a_late_save_of_a_theme_writes_nothing(home):
    theme = build.theme(home, "Supervision")
    codebook.change(theme=theme, entry=Entry(name="Theirs"), revision=1, by=home.colleague)
    with pytest.raises(Stale):
        codebook.change(theme=theme, entry=Entry(name="Mine"), revision=1, by=home.reviewer)
    assert order(home) == ["Theirs"]


def test_a_late_save_shows_both_wordings(home):
    theme = build.theme(home, "Supervision", definition="As it was.")
    entry = Entry(name="Supervision", definition="As a colleague wrote it.")
    codebook.change(theme=theme, entry=entry, revision=1, by=home.colleague)
    client = Client()
    client.force_login(home.reviewer)
    mine = {"name": "Supervision", "definition": "As I wrote it.", "revision": 1}
    response = client.post(reverse("theme_change", args=[home.review.slug, theme.slug]), mine)
    shown = response.content.decode()
    assert response.status_code == 409
    assert "As a colleague wrote it." in shown
    assert "As I wrote it." in shown
    assert Theme.objects.get(pk=theme.pk).definition == "As a colleague wrote it."


def test_a_retired_theme_keeps_its_tags_and_takes_no_more(home):
    theme, finding = build.theme(home, "Supervision"), build.finding(home)
    passages.tag(source=finding, themes=[theme], by=home.reviewer)
    codebook.retire(theme=theme, by=home.reviewer)
    with pytest.raises(Refused, match="retired"):
        passages.tag(source=build.finding(home, "Another."), themes=[theme], by=home.reviewer)
    assert "The whole" not in page(home.reviewer, "codebook", home.review.slug)
    assert finding.text in page(home.reviewer, "theme", home.review.slug, theme.slug)


def test_sub_themes_are_retired_with_their_theme_and_restored_after_it(home):
    checks = build.theme(home, "Agency checks")
    history = build.theme(home, "Building a history", parent=checks)
    codebook.retire(theme=checks, by=home.reviewer)
    with pytest.raises(Refused, match="first"):
        codebook.restore(theme=history, by=home.reviewer)
    codebook.restore(theme=checks, by=home.reviewer)
    codebook.restore(theme=history, by=home.reviewer)
    assert Theme.objects.in_use().count() == 2


def test_a_theme_counts_the_passages_of_its_sub_themes_each_once(home):
    checks = build.theme(home, "Agency checks")
    history = build.theme(home, "Building a history", parent=checks)
    finding = build.finding(home, "Sent. Merged.")
    passages.tag(source=finding, start=0, end=5, themes=[checks, history], by=home.reviewer)
    passages.tag(source=finding, start=6, end=13, themes=[history], by=home.reviewer)
    client = Client()
    client.force_login(home.reviewer)
    rows = client.get(reverse("codebook", args=[home.review.slug])).context["strands"][0]["rows"]
    assert [(row.theme.name, row.total.cases, row.total.passages) for row in rows] == [
        ("Agency checks", 1, 2),
        ("Building a history", 1, 2),
    ]


def test_a_circular_theme_says_which_characteristic_it_restates(home):
    line = Characteristic.objects.get(review=home.review, slug="family-history")
    theme = build.theme(home, "Family history", restates=line)
    assert "Circular" in page(home.team, "codebook", home.review.slug)
    shown = page(home.team, "theme", home.review.slug, theme.slug)
    assert "restates the characteristic “Family history of ICS involvement”" in shown


def test_business_team_reads_the_codebook_and_cannot_change_it(home):
    theme = build.theme(home, "Supervision")
    assert "Add a theme" not in page(home.team, "codebook", home.review.slug)
    client = Client()
    client.force_login(home.team)
    for name in ("theme_change", "theme_retire"):
        assert client.get(reverse(name, args=[home.review.slug, theme.slug])).status_code == 403
    for name in ("theme_change", "theme_retire", "theme_restore", "theme_move"):
        assert client.post(reverse(name, args=[home.review.slug, theme.slug])).status_code == 403


def test_reviewer_adds_moves_retires_and_restores_a_theme_from_its_pages(home):
    client = Client()
    client.force_login(home.reviewer)
    slug = home.review.slug
    typed = {"name": "Supervision", "strand": Strand.DESK_TOP, "definition": "Oversight.", "revision": 0}
    assert client.post(reverse("theme_new", args=[slug]), typed).status_code == 302
    assert client.post(reverse("theme_new", args=[slug]), typed).status_code == 200
    build.theme(home, "Agency checks")
    client.post(reverse("theme_move", args=[slug, "supervision"]), {"direction": "down"})
    assert order(home) == ["Agency checks", "Supervision"]
    client.post(reverse("theme_retire", args=[slug, "supervision"]))
    assert Theme.objects.get(slug="supervision").retired_at is not None
    client.post(reverse("theme_restore", args=[slug, "supervision"]))
    assert Theme.objects.get(slug="supervision").retired_at is None


def test_a_theme_of_another_review_is_not_there(home):
    other = build.house("others")
    theme = build.theme(other, "Supervision")
    client = Client()
    client.force_login(home.reviewer)
    assert client.get(reverse("theme", args=[home.review.slug, theme.slug])).status_code == 404
    assert client.get(reverse("theme", args=[other.review.slug, theme.slug])).status_code == 404


def test_reading_a_theme_across_cases_is_on_record(home):
    theme = build.theme(home, "Supervision")
    page(home.team, "theme", home.review.slug, theme.slug)
    assert AuditEvent.objects.filter(action="theme.viewed", actor_id=home.team.pk).exists()


def test_codebook_page_holds_its_queries_as_themes_and_tags_grow(home, django_assert_max_num_queries):
    finding = build.finding(home)
    passages.tag(source=finding, themes=[build.theme(home, "Theme 0")], by=home.reviewer)
    client = Client()
    client.force_login(home.reviewer)
    address = reverse("codebook", args=[home.review.slug])
    with django_assert_max_num_queries(100) as few:
        client.get(address)
    for number in range(1, 6):
        theme = build.theme(home, f"Theme {number}")
        sub_theme = build.theme(home, f"Sub-theme {number}", parent=theme)
        passages.tag(source=finding, start=0, end=6 + number, themes=[theme, sub_theme], by=home.reviewer)
    with django_assert_max_num_queries(len(few)):
        client.get(address)
