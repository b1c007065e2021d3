"""What reviewers find, tag and report."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ThemesConfig(AppConfig):
    name = "themes"
    verbose_name = "themes"

    def ready(self) -> None:
        from cases.drafts import belonging
        from kscmp_review.audit.guarding import guards
        from kscmp_review.replica.router import readable
        from kscmp_review.sealing import SealedField, fields
        from themes import tabs
        from themes.drafts import drafts_of
        from themes.holdings import register_holdings
        from themes.report import guard, learning_tabs
        from themes.report import tabs as report_tabs

        tabs.register()
        learning_tabs.register()
        report_tabs.register()
        register_holdings()
        guards.append(guard.GUARD)
        pre_migrate.connect(guard.before_migrate, sender=self, dispatch_uid="report guard away")
        post_migrate.connect(guard.after_migrate, sender=self, dispatch_uid="report guard")
        belonging.extend(drafts_of)
        fields.append(SealedField("themes.WritingDraft", "sealed"))
        fields.append(SealedField("themes.SectionDraft", "sealed"))
        fields.append(SealedField("themes.PointDraft", "sealed"))
        readable.update(
            f"themes.{name}"
            for name in (
                "Approval", "Briefing", "Cell", "Finding", "FollowUp", "Interview", "InterviewNote",
                "LearningPoint", "Passage", "RecordRead", "ReportAcceptance", "ReportFile", "ReportSection",
                "ReportTemplate", "ReportVersion", "Tag", "Theme", "TopicQuestion",
            )
        )  # fmt: skip
