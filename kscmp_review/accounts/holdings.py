"""Who works with the service: accounts, and the tables of the packages that sign them in."""

from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session

from kscmp_review.accounts.models import User
from kscmp_review.privacy.holdings import Holding, PrivacyClass, register

PEOPLE, TECHNICAL = PrivacyClass.PEOPLE, PrivacyClass.TECHNICAL


def register_holdings() -> None:
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
                text={"session_key": TECHNICAL, "session_data": TECHNICAL},
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
