"""What reviewers find, tag and report."""

from django.apps import AppConfig


class ThemesConfig(AppConfig):
    name = "themes"
    verbose_name = "themes"

    def ready(self) -> None:
        from cases.drafts import belonging
        from kscmp_review.replica.router import readable
        from kscmp_review.sealing import SealedField, fields
        from themes import tabs
        from themes.drafts import drafts_of
        from themes.holdings import register_holdings
        from themes.report import learning_tabs
        from themes.report import tabs as report_tabs

        tabs.register()
        learning_tabs.register()
        report_tabs.register()
        register_holdings()
        belonging.extend(drafts_of)
        fields.append(SealedField("themes.WritingDraft", "sealed"))
        fields.append(SealedField("themes.SectionDraft", "sealed"))
        readable.update(
            f"themes.{name}"
            for name in (
                "Approval", "Briefing", "Cell", "Finding", "FollowUp", "Interview", "InterviewNote",
                "LearningPoint", "Passage", "RecordRead", "ReportAcceptance", "ReportFile", "ReportSection",
                "ReportTemplate", "ReportVersion", "Tag", "Theme", "TopicQuestion",
            )
        )  # fmt: skip
