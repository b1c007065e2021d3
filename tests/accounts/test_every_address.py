"""Every address of signing in and of accounts: what it answers to a stranger, a member, an administrator.

`in` is 200, `go` 302; where a second factor is demanded and none was shown, all but a few lead away.
"""

from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from kscmp_review.accounts.middleware import DemandSecondFactor
from kscmp_review.accounts.models import User
from tests import build
from tests.accounts.codes import signed_in_with_it
from tests.test_authorisation import ACCOUNT, names

pytestmark = pytest.mark.django_db


class Row(NamedTuple):
    """What a GET answers: to a stranger, to a member of no office, to an administrator."""

    stranger: str
    member: str
    administrator: str
    arguments: tuple[object, ...] = ()


OPEN = Row("in", "in", "in")
ENTRANCE = Row("in", "go", "go")
OWN = Row("go", "in", "in")
ADMINISTRATORS = Row("go", "404", "in")
CONFIRMED_FIRST = Row("go", "go", "go")

ROWS: dict[str, Row] = {
    "account_login": ENTRANCE,
    "account_logout": OWN,
    "account_inactive": OPEN,
    "account_signup": ENTRANCE,
    "account_reauthenticate": OWN,
    "account_change_password": OWN,
    "account_set_password": CONFIRMED_FIRST,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN._replace(arguments=("a", "b-c")),
    "account_reset_password_from_key_done": OPEN,
    "account_sessions": OWN,
    "mfa_index": OWN,
    # Met in the middle of signing in only, after the password.
    "mfa_authenticate": CONFIRMED_FIRST,
    # Without a second factor to show they lead to the password.
    "mfa_reauthenticate": CONFIRMED_FIRST,
    "mfa_reauthenticate_webauthn": CONFIRMED_FIRST,
    # Without a session that has just given its password, that is asked for again.
    "mfa_activate_totp": CONFIRMED_FIRST,
    "mfa_add_webauthn": CONFIRMED_FIRST,
    "mfa_generate_recovery_codes": CONFIRMED_FIRST,
    "mfa_remove_webauthn": CONFIRMED_FIRST._replace(arguments=(1,)),
    "mfa_edit_webauthn": CONFIRMED_FIRST._replace(arguments=(1,)),
    "mfa_deactivate_totp": Row("go", "404", "404"),
    "mfa_view_recovery_codes": Row("go", "404", "404"),
    "mfa_list_webauthn": OWN,
    "mfa_login_webauthn": CONFIRMED_FIRST,
    # Of an invitation that is not held.
    "account_invitation": Row("404", "404", "404"),
    "account_invitation_link": Row("404", "404", "404", ("guessed",)),
    # Of administrators: to everybody else not there.
    "accounts_list": ADMINISTRATORS,
    "accounts_one": ADMINISTRATORS._replace(arguments=(1,)),
    "accounts_step": ADMINISTRATORS._replace(arguments=(1, "disable")),
    "accounts_invitations": ADMINISTRATORS,
    "accounts_invitation_step": Row("go", "405", "405", (1, "again")),
    "accounts_audit": ADMINISTRATORS,
    # Not there until a provider is configured.
    "openid_connect_login": Row("404", "404", "404", ("work",)),
    "openid_connect_callback": Row("404", "404", "404", ("work",)),
}


def address(name: str) -> str:
    """Of an account that is there, where one is named."""
    arguments = ROWS[name].arguments
    if name in ("accounts_one", "accounts_step"):
        arguments = (User.objects.earliest("pk").pk, *arguments[1:])
    return reverse(name, args=arguments)


def met(client: Client, name: str) -> str:
    status = client.get(address(name)).status_code
    return {200: "in", 302: "go"}.get(status, str(status))


def test_every_address_has_its_row() -> None:
    assert {name for name in names() if name.startswith(ACCOUNT)} == set(ROWS)


def test_each_person_meets_what_is_written() -> None:
    member, administrator = build.user("nell"), build.user("ada", is_administrator=True)
    stranger, nell, ada = Client(), signed_in_with_it(member), signed_in_with_it(administrator)
    found = {
        name: Row(met(stranger, name), met(nell, name), met(ada, name), row.arguments)
        for name, row in ROWS.items()
    }
    assert found == ROWS


@pytest.mark.usefixtures("demanded")
def test_without_a_second_factor_only_its_own_pages_open() -> None:
    client = Client()
    client.force_login(build.user("ada", is_administrator=True))
    open_to_all = {name for name in ROWS if name not in DemandSecondFactor.TO_SET_UP}
    led = {name: client.get(address(name))["Location"] for name in sorted(open_to_all)}
    assert set(led.values()) == {"/accounts/security/"}
