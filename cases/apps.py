"""The review, its risk profile, its cases, their ranking and selection."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "cases"

    def ready(self) -> None:
        from cases import tabs
        from cases.actions import offers
        from cases.actions.erasure import erase_again, rewrite_what_was_erased
        from cases.holdings import register_holdings
        from cases.liberi import digest_of_content
        from cases.permissions import only_reads_reports
        from cases.tally import after_migrate
        from kscmp_review.accounts import invitations, second_factor
        from kscmp_review.privacy.replaying import Replay, replays
        from kscmp_review.replica.router import readable
        from kscmp_review.sealing import Digest, SealedField, digests, fields

        tabs.register()
        register_holdings()
        second_factor.may_go_without.append(only_reads_reports)
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="tally of cases")
        invitations.taken_up.append(offers.give)
        replays.append(Replay(erase_again, rewrite_what_was_erased))
        digests.append(Digest("cases.Case", "liberi_id_sealed", "liberi_id_digest", digest_of_content))
        fields += [
            SealedField("cases.Case", "liberi_id_sealed"),
            SealedField("cases.CaseVersion", "sealed"),
            SealedField("cases.Draft", "sealed"),
        ]
        readable.update(
            f"cases.{name}"
            for name in (
                "Answer", "Case", "Characteristic", "Decision", "District", "IndexAnswer", "IndexCase",
                "ProfileLine", "ProfileVersion", "Question", "Selection", "Tally",
            )
        )  # fmt: skip
