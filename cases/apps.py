"""The review, its risk profile, its cases, their ranking and selection."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "cases"

    def ready(self) -> None:
        from cases import tabs
        from kscmp_review.sealing import SealedField, fields

        tabs.register()
        fields += [
            SealedField("cases.Case", "liberi_id_sealed"),
            SealedField("cases.CaseVersion", "sealed"),
            SealedField("cases.Draft", "sealed"),
        ]
