"""What is refused as a password beside what is short, and what is taken as it is typed."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kscmp_review.accounts.models import User
from kscmp_review.accounts.passwords import COMMON, HOUSE, OURS, words
from tests import build


def why(password: str) -> list[str]:
    try:
        validate_password(password)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize(
    "password", ["Sunshine123456!", "dragon!!2026!!", "2026-Dragon-2026", "monkeymonkey1"]
)
def test_a_common_one_with_something_added_is_refused(password: str) -> None:
    assert COMMON in why(password)


@pytest.mark.parametrize(
    "password", ["Safeguarding2026", "liberi-review-1", "KSCMP!KSCMP!KSCMP", "ReviewTeam-2026"]
)
def test_words_of_the_house_alone_are_refused(password: str) -> None:
    assert OURS in why(password)


@pytest.mark.parametrize(
    "password",
    [build.PASSWORD, "correct mule battery lamp", "review the purple kettles", "ëäö日本語ëäö日本語"],
)
def test_several_words_are_taken(password: str) -> None:
    assert why(password) == []


@given(st.sampled_from(HOUSE), st.text("0123456789!?-_ ", min_size=8, max_size=30))
def test_no_digit_or_sign_makes_a_word_of_the_house_good(word: str, added: str) -> None:
    assert why(f"{word.title()}{added}")


def test_the_organisations_own_name_is_among_them(settings: Settings) -> None:
    settings.ORGANISATION_NAME = "Wealdshire Trust"
    assert {"wealdshire", "trust"} <= words()
    assert OURS in why("Wealdshire-2026!")


@pytest.mark.django_db
class TestChanging:
    def change(self, old: str, new: str) -> User:
        user = build.user("nell")
        client = Client()
        client.post(reverse("account_login"), {"login": user.email, "password": build.PASSWORD})
        sent = {"oldpassword": old, "password1": new, "password2": new}
        client.post(reverse("account_change_password"), sent)
        user.refresh_from_db()
        return user

    def test_asks_for_the_old_one(self) -> None:
        assert self.change("not the old one", "purple kettle lamps").check_password(build.PASSWORD)

    @pytest.mark.parametrize(
        "new",
        [" spaces at both ends ", "purple kettle " * 9, "ñandú – 日本語 – kettle", "UPPER lower 0 ^&*()"],
    )
    def test_takes_the_new_one_as_it_is_typed(self, new: str) -> None:
        assert self.change(build.PASSWORD, new).check_password(new)

    def test_masks_it_and_lets_managers_and_pasting_be(self) -> None:
        client = Client()
        client.force_login(build.user("nell"))
        page = client.get(reverse("account_change_password")).content.decode()
        assert page.count('type="password"') == 3
        assert 'autocomplete="new-password"' in page
        assert "onpaste" not in page


@pytest.mark.django_db
def test_signing_out_clears_what_the_browser_keeps() -> None:
    client = Client()
    client.force_login(build.user("nell"))
    assert "Clear-Site-Data" not in client.get(reverse("account_logout"))
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache", "storage"'
