"""The pages of an account, signed out and signed in, a forgotten password included."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from tests import build
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import press
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNED_OUT = {
    "account_signup",
    "account_inactive",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
}
REFUSED_SIGNED_OUT = {"account_login", "account_reset_password"}
SIGNED_IN = {"account_logout"}
REFUSED_SIGNED_IN = {"account_change_password", "account_reauthenticate"}
# Met through the link of an e-mail; and the one that sends whoever has a password to where it is changed.
OTHERS = {"account_reset_password_from_key", "account_set_password"}
ACCOUNT_PAGES = SIGNED_OUT | REFUSED_SIGNED_OUT | SIGNED_IN | REFUSED_SIGNED_IN | OTHERS


def test_every_page_of_an_account(at_browser: AtBrowser) -> None:
    nora = build.user("nora")
    walk = Walk(at_browser)
    for name in sorted(SIGNED_OUT):
        walk.see(None, reverse(name))
    for name in sorted(REFUSED_SIGNED_OUT):
        walk.refuse(None, reverse(name))
    for name in sorted(SIGNED_IN):
        walk.see(nora, reverse(name))
    for name in sorted(REFUSED_SIGNED_IN):
        walk.refuse(nora, reverse(name))
    assert walk.faults == []


def test_a_forgotten_password_is_set_anew(at_browser: AtBrowser) -> None:
    build.user("nora")
    walk = Walk(at_browser)
    page = walk.see(None, reverse("account_reset_password"))
    page.get_by_label("Email address").fill("nora@kscmp.example")
    press(page, "Send the link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    found = re.search(r"http\S+", str(mail.outbox[-1].body))
    assert found is not None
    page.goto(found[0])
    walk.look(page)
    press(page, "Set password")
    walk.look_at_errors(page)
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill("entirely another pass phrase")
    press(page, "Set password")
    expect(page.get_by_role("heading", level=1)).to_have_text("Password set")
    page.goto(found[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    walk.look(page)
    assert walk.faults == []
