"""The review, its risk profile, its cases, their ranking and selection."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "cases"

    def ready(self) -> None:
        from cases import tabs
        from cases.permissions import only_reads_reports
        from cases.tally import after_migrate
        from kscmp_review.accounts import second_factor
        from kscmp_review.sealing import SealedField, fields

        tabs.register()
        second_factor.may_go_without.append(only_reads_reports)
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="tally of cases")
        fields += [
            SealedField("cases.Case", "liberi_id_sealed"),
            SealedField("cases.CaseVersion", "sealed"),
            SealedField("cases.Draft", "sealed"),
        ]
