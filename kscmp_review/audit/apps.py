"""What was done, by whom and when."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "kscmp_review.audit"
    label = "audit"
    verbose_name = "audit"
