"""Everything recorded, in one sealed file, and back."""

from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "kscmp_review.backup"
    label = "backup"
