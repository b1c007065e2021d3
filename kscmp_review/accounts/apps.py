"""Who may sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kscmp_review.accounts"
    label = "accounts"
    verbose_name = "accounts"

    def ready(self) -> None:
        from kscmp_review.accounts import signals
        from kscmp_review.accounts.holdings import register_holdings
        from kscmp_review.accounts.secrets import seal_secrets_anew
        from kscmp_review.sealing import others

        signals.connect()
        register_holdings()
        others["second factors"] = seal_secrets_anew
