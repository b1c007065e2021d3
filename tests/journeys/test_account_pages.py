"""The pages of an account, signed out and signed in, a forgotten password included."""

import re
import time

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from kscmp_review.accounts.models import User
from tests import build
from tests.accounts.codes import code_at
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import press
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Of administrators, walked through below, and an invitation's.
OF_ADMINISTRATORS = {
    "accounts_list",
    "accounts_one",
    "accounts_step",
    "accounts_invitations",
    "accounts_invitation_step",
    "accounts_audit",
}
OF_INVITATIONS = {"account_invitation", "account_invitation_link"}
SIGNED_OUT = {
    "account_signup",
    "account_inactive",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
}
REFUSED_SIGNED_OUT = {"account_login", "account_reset_password"}
SIGNED_IN = {"account_logout", "account_sessions", "mfa_index", "mfa_list_webauthn"}
REFUSED_SIGNED_IN = {"account_change_password", "account_reauthenticate"}
# Met in the order of things, in the journeys below.
OF_SECOND_FACTORS = {
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}
# Met through the link of an e-mail; the one that sends whoever has a password to where it is changed; and
# those of a provider, which are not there without one.
OTHERS = {
    "account_reset_password_from_key",
    "account_set_password",
    "openid_connect_login",
    "openid_connect_callback",
}
ACCOUNT_PAGES = {
    *SIGNED_OUT,
    *REFUSED_SIGNED_OUT,
    *SIGNED_IN,
    *REFUSED_SIGNED_IN,
    *OF_SECOND_FACTORS,
    *OF_ADMINISTRATORS,
    *OF_INVITATIONS,
    *OTHERS,
}


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


def give_password(page: Page) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("Email address").fill("nora@kscmp.example")
    page.get_by_label("Password", exact=True).fill(build.PASSWORD)
    press(page, "Sign in")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def with_an_authenticator(page: Page) -> None:
    """The browser has a device of its own that holds passkeys, as a laptop's fingerprint reader does."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_signs_in_beside_the_password_and_alone(
    at_browser: AtBrowser, settings: Settings
) -> None:
    settings.SECOND_FACTOR_DEMANDED = True
    build.user("nora")
    walk = Walk(at_browser)
    page = at_browser()
    with_an_authenticator(page)
    give_password(page)
    expect(heading(page)).to_have_text("Your account")
    expect(page.locator("main")).to_contain_text("Nothing else opens")
    walk.look(page)
    page.get_by_role("link", name="Add Passkeys").click()
    walk.look(page)
    page.get_by_label("Sign in with this passkey alone").check()
    press(page, "Add the passkey")
    expect(heading(page)).to_have_text("Recovery codes")
    expect(page.locator(".house-codes li")).to_have_count(10)
    walk.look(page)
    page.get_by_role("link", name="I have noted them").click()
    expect(heading(page)).to_have_text("Your reviews")

    press(page, "Sign out")
    give_password(page)
    expect(heading(page)).to_have_text("Show your second factor")
    walk.look(page)
    press(page, "Sign in")
    walk.look_at_errors(page)
    press(page, "Use a passkey instead")
    expect(heading(page)).to_have_text("Your reviews")

    press(page, "Sign out")
    press(page, "Sign in with a passkey")
    expect(heading(page)).to_have_text("Your reviews")
    page.goto(reverse("mfa_list_webauthn"))
    walk.look(page)
    page.get_by_role("link", name="Rename Passkey").click()
    expect(heading(page)).to_have_text("Confirm it is you")
    page.get_by_role("link", name="Use a passkey").click()
    walk.look(page)
    press(page, "Use a passkey")
    expect(heading(page)).to_have_text("Rename a passkey")
    walk.look(page)
    page.get_by_label("Name").fill("Work laptop")
    press(page, "Save")
    page.get_by_role("link", name="Remove Work laptop").click()
    walk.look(page)
    press(page, "Remove it")
    expect(page.locator("main")).to_contain_text("your only second factor")
    walk.look(page)
    assert walk.faults == []


def test_an_authenticator_app_is_set_up_and_removed(at_browser: AtBrowser) -> None:
    build.user("nora")
    walk = Walk(at_browser)
    page = at_browser()
    give_password(page)
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name="Set up Authenticator app").click()
    press(page, "Set it up")
    walk.look_at_errors(page)
    page.get_by_text("I cannot scan it").click()
    walk.look(page)
    page.get_by_label("Code", exact=True).fill(code_at(time.time(), page.locator(".house-key").inner_text()))
    press(page, "Set it up")
    expect(heading(page)).to_have_text("Recovery codes")
    codes = page.locator(".house-codes li").all_inner_texts()
    page.reload()
    expect(page.locator("main")).to_contain_text("10 of your 10 recovery codes are left")
    walk.look(page)
    page.goto(reverse("mfa_generate_recovery_codes"))
    walk.look(page)
    press(page, "Sign out")
    give_password(page)
    page.get_by_label("Code", exact=True).fill(codes[0])
    press(page, "Sign in")
    expect(heading(page)).to_have_text("Your reviews")
    page.goto(reverse("mfa_deactivate_totp"))
    page.get_by_role("link", name="Use a code").click()
    press(page, "Confirm")
    walk.look_at_errors(page)
    page.get_by_label("Code", exact=True).fill(codes[1])
    press(page, "Confirm")
    walk.look(page)
    press(page, "Remove it")
    expect(page.locator(".govuk-notification-banner")).to_contain_text("was removed from your account")
    walk.look(page)
    assert walk.faults == []


def test_an_administrator_invites_and_the_invited_joins_a_review(
    at_browser: AtBrowser, settings: Settings
) -> None:
    settings.MAIL_SERVER_CONFIGURED = True
    ada, bola = build.user("ada", is_administrator=True), build.user("bola", opens_reviews=True)
    review = build.review(by=bola)
    walk = Walk(at_browser)
    admin = walk.refuse(ada, reverse("accounts_invitations"))
    admin.get_by_label("E-mail address").fill("nell@kscmp.example")
    admin.get_by_label("Business team's office").check()
    press(admin, "Invite")
    expect(admin.get_by_role("region", name="Invitations")).to_contain_text("Invited")
    walk.look(admin)

    page = at_browser()
    found = re.search(r"http://[^/]+(/accounts/invitation/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    page.goto(found[1])
    expect(heading(page)).to_have_text("Make your account")
    press(page, "Make the account")
    walk.look_at_errors(page)
    page.get_by_label("Your name").fill("Nell Newcomer")
    for label in ("Password", "Password again"):
        page.get_by_label(label, exact=True).fill("an entirely new phrase")
    press(page, "Make the account")
    expect(heading(page)).to_have_text("Your reviews")

    team = walk.refuse(bola, reverse("members", args=[review.slug]), seen=True)
    team.get_by_label("E-mail address").fill("nell@kscmp.example")
    team.get_by_label("Reviewer", exact=True).check()
    press(team, "Invite")
    expect(team.get_by_role("region", name="Invited")).to_contain_text("nell@kscmp.example")
    walk.look(team)
    page.goto("/")
    walk.look(page)
    press(page, f"Accept: {review.title}")
    expect(page.locator("main")).to_contain_text("You are: reviewer")

    nell = User.objects.get(email="nell@kscmp.example")
    for name in ("accounts_list", "accounts_audit"):
        walk.see(ada, reverse(name))
    admin.goto(reverse("accounts_one", args=[nell.pk]))
    walk.look(admin)
    admin.get_by_role("link", name="Disable the account").click()
    walk.look(admin)
    press(admin, "Disable the account")
    expect(admin.locator("main")).to_contain_text("The account of Nell Newcomer is disabled")
    page.goto("/")
    expect(heading(page)).to_have_text("Sign in")
    page.goto(found[1])
    expect(heading(page)).to_have_text("This link no longer works")
    walk.look(page)
    assert walk.faults == []
