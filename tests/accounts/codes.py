"""An authenticator app in a test: a secret, and the code it shows at a moment of the test's own clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest import mock

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client

from kscmp_review.accounts import second_factor
from kscmp_review.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = 1_800_000_000
PERIOD = 30


def with_app(user: User, secret: str = SECRET) -> Authenticator:
    """The account has an authenticator app."""
    sealed = get_adapter().encrypt(secret)
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": sealed})


def code_at(seconds: float, secret: str = SECRET) -> str:
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(seconds) // PERIOD)))


@contextmanager
def clock_at(seconds: float) -> Iterator[None]:
    """What the codes go by, and nothing else."""
    with mock.patch("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: seconds)):
        yield


def signed_in_with_it(user: User) -> Client:
    """A client whose session has shown its second factor."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[second_factor.SHOWN] = user.pk
    session.save()
    return client
