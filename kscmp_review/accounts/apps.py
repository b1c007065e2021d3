"""Who may sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kscmp_review.accounts"
    label = "accounts"
    verbose_name = "accounts"

    def ready(self) -> None:
        from kscmp_review.accounts import signals
        from kscmp_review.accounts.holdings import register_holdings

        signals.connect()
        register_holdings()
