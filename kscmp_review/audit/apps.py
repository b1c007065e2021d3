"""What was done, by whom and when."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "kscmp_review.audit"
    label = "audit"
    verbose_name = "audit"

    def ready(self) -> None:
        from kscmp_review.audit.guard import GUARD, after_migrate
        from kscmp_review.audit.guarding import guards
        from kscmp_review.audit.holdings import register_holdings

        register_holdings()
        guards.append(GUARD)
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="audit guard")
