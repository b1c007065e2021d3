"""The review, its risk profile, its cases, their ranking and selection."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "cases"

    def ready(self) -> None:
        from cases import tabs

        tabs.register()
