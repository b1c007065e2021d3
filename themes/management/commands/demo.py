"""`demo`: loads the demonstration review and prints its accounts."""

from typing import Any

from django.core.management.base import BaseCommand

from themes.demonstration.accounts import ACCOUNTS, password_of
from themes.demonstration.load import load


class Command(BaseCommand):
    help = "Load the demonstration review nai-2022 (invented cases) and one account a role; harmless twice."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load()
        state = "loaded" if loaded.newly else "there already; nothing was changed"
        self.stdout.write(f"Demonstration review {loaded.review.slug}: {state}.")
        self.stdout.write("Accounts, with the passwords they were first given:")
        for account in ACCOUNTS:
            role = f"{account.role}, {account.district}" if account.district else account.role
            self.stdout.write(f"  {account.email:<32} {password_of(account):<20} {role}")
