"""What was done, by whom and when."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "kscmp_review.audit"
    label = "audit"
    verbose_name = "audit"

    def ready(self) -> None:
        from kscmp_review.audit.guard import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="audit guard")
