"""Who works with the service: accounts, and the tables of the packages that sign them in."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as OldSession

from kscmp_review.accounts.models import Invitation, Session, User
from kscmp_review.privacy.holdings import Holding, PrivacyClass, elsewhere, register

PEOPLE, TECHNICAL = PrivacyClass.PEOPLE, PrivacyClass.TECHNICAL


def register_holdings() -> None:
    elsewhere[OldSession] = lambda _: OldSession.objects.all().delete()[0]
    register(
        [
            Holding(
                model=User,
                privacy=PEOPLE,
                words="Accounts",
                text={"email": PEOPLE, "name": PEOPLE, "password": TECHNICAL},
            ),
            Holding(model=EmailAddress, privacy=PEOPLE, words="Confirmed addresses", text={"email": PEOPLE}),
            Holding(
                model=EmailConfirmation,
                privacy=TECHNICAL,
                words="Addresses being confirmed",
                text={"key": TECHNICAL},
            ),
            Holding(
                model=Session,
                privacy=TECHNICAL,
                words="Sessions",
                text={"session_key": TECHNICAL, "session_data": TECHNICAL, "browser": PEOPLE},
            ),
            Holding(
                model=OldSession,
                privacy=TECHNICAL,
                words="Sessions as they were kept before, read by nothing",
                text={"session_key": TECHNICAL, "session_data": TECHNICAL},
            ),
            Holding(
                model=Invitation,
                privacy=PEOPLE,
                words="Invitations",
                text={"email": PEOPLE, "last_failure": TECHNICAL, "token_digest": TECHNICAL},
            ),
            Holding(
                model=Authenticator,
                privacy=TECHNICAL,
                words="Second factors, with their secrets sealed",
                text={"data": TECHNICAL},
            ),
            Holding(
                model=SocialAccount,
                privacy=PEOPLE,
                words="Who signs in with a work account",
                text=dict.fromkeys(("provider", "uid", "extra_data"), PEOPLE),
            ),
            Holding(
                model=SocialApp,
                privacy=TECHNICAL,
                words="Not used: providers are named in the settings",
                text=dict.fromkeys(
                    ("provider", "provider_id", "name", "client_id", "secret", "key", "settings"), TECHNICAL
                ),
            ),
            Holding(
                model=SocialToken,
                privacy=TECHNICAL,
                words="Not used: no token is kept",
                text=dict.fromkeys(("token", "token_secret"), TECHNICAL),
            ),
            Holding(model=Group, privacy=TECHNICAL, words="Not used", text={"name": TECHNICAL}),
            Holding(
                model=Group.permissions.through,
                privacy=TECHNICAL,
                words="Not used",
            ),
            Holding(
                model=Permission,
                privacy=TECHNICAL,
                words="Not used",
                text={"name": TECHNICAL, "codename": TECHNICAL},
            ),
            Holding(
                model=ContentType,
                privacy=TECHNICAL,
                words="Names of tables",
                text={"app_label": TECHNICAL, "model": TECHNICAL},
            ),
        ]
    )
