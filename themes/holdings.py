"""What this floor holds of a review, by privacy class, and what erasing does to it; children first."""

from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from kscmp_review.privacy.holdings import Holding, PrivacyClass, blanked, deleted, register, sightings
from themes.models import (
    Approval,
    Briefing,
    Cell,
    CodebookStep,
    Finding,
    FollowUp,
    Interview,
    InterviewNote,
    LearningPoint,
    Passage,
    PointDraft,
    RecordRead,
    ReportAcceptance,
    ReportFile,
    ReportSection,
    ReportTemplate,
    ReportVersion,
    SearchText,
    SecondReading,
    SecondTag,
    SectionDraft,
    Settlement,
    Tag,
    Theme,
    TopicQuestion,
    WritingDraft,
)

CASE, METHOD, REPORT = PrivacyClass.CASE, PrivacyClass.METHOD, PrivacyClass.REPORT
AUTHORS: Any = ReportVersion.authors.through
ACCEPTED: Any = ReportVersion.accepted.through
LEARNT_FROM: Any = LearningPoint.themes.through
LEARNT_FROM_BEFORE: Any = apps.get_model("themes", "HistoricalLearningPoint_themes")


THEME_TEXT = {"example": CASE, "memo": CASE} | dict.fromkeys(
    ("slug", "name", "definition", "when_to_use"), METHOD
)


def goes(model: type[Model], words: str, review: str, only: Q | None = None) -> Holding:
    """Rows that go as a whole."""
    return Holding(model=model, privacy=CASE, words=words, review=review, only=only or Q(), erase=deleted)


def history_of(model: Any) -> type[Model]:
    history: type[Model] = model.history.model
    return history


CASE_DATA = [
    goes(SecondTag, "Tags of second readings", "reading__case__review"),
    goes(Settlement, "Disagreements settled", "reading__case__review"),
    goes(SecondReading, "Second readings", "case__review"),
    goes(Tag, "Tags", "passage__case__review"),
    goes(Passage, "Passages and their memos", "case__review"),
    goes(history_of(InterviewNote), "Earlier versions of interview notes", "interview__case__review"),
    goes(InterviewNote, "Interview notes", "interview__case__review"),
    goes(Interview, "Interviews", "case__review"),
    goes(history_of(Finding), "Earlier and deleted versions of findings", "case__review"),
    goes(Finding, "Findings", "case__review"),
    goes(history_of(Cell), "Earlier versions of summaries", "case__review"),
    goes(Cell, "Summaries in the matrix", "case__review"),
    goes(RecordRead, "Records read with nothing to note", "case__review"),
    goes(WritingDraft, "What was typed and not saved, sealed", "case__review"),
    goes(SearchText, "Words that can be searched for", "review"),
    goes(CodebookStep, "Merges and splits of themes, and how to undo them", "review"),
    goes(history_of(ReportSection), "Earlier versions of report sections", "review"),
    goes(ReportSection, "Sections of the report as they are written", "review"),
    goes(SectionDraft, "What was typed into a section and not saved, sealed", "review"),
    goes(PointDraft, "What was typed into a learning point and not saved, sealed", "review"),
    # What a check found quotes the words it found.
    goes(ACCEPTED, "Which findings of the checks a version was put forward with", "reportversion__review"),
    goes(ReportAcceptance, "Findings of the checks accepted with a reason", "review"),
    goes(LEARNT_FROM_BEFORE, "What learning points rested on earlier", "history__review"),
    goes(history_of(LearningPoint), "Earlier versions of learning points", "review"),
    goes(Briefing, "Briefings of versions not released", "version__review", Q(version__released_at=None)),
    goes(ReportFile, "Files of versions not released", "version__review", Q(version__released_at=None)),
    goes(Approval, "Approvals of versions not released", "version__review", Q(version__released_at=None)),
    goes(
        AUTHORS, "Authors of versions not released", "reportversion__review",
        Q(reportversion__released_at=None),
    ),
    goes(ReportVersion, "Versions of the report not released", "review", Q(released_at=None)),
    Holding(
        model=Theme,
        privacy=CASE,
        words="Examples and memos of themes",
        review="review",
        only=~Q(example="", memo=""),
        erase=blanked(example="", memo=""),
        text=THEME_TEXT,
    ),
    Holding(
        model=history_of(Theme),
        privacy=CASE,
        words="Earlier examples and memos of themes",
        review="review",
        only=~Q(example="", memo=""),
        erase=blanked(example="", memo=""),
        text=THEME_TEXT | {"history_change_reason": METHOD},
    ),
]  # fmt: skip
KEPT = [
    Holding(
        model=TopicQuestion,
        privacy=METHOD,
        words="Questions of the topic guide",
        review="review",
        text={"text": METHOD},
    ),
    Holding(
        model=history_of(TopicQuestion),
        privacy=METHOD,
        words="Earlier versions of the topic guide",
        review="review",
        text={"text": METHOD, "history_change_reason": METHOD},
    ),
    Holding(
        model=Theme,
        privacy=METHOD,
        words="Themes: names and definitions",
        review="review",
    ),
    Holding(
        model=ReportVersion,
        privacy=REPORT,
        words="Released versions",
        review="review",
        only=Q(released_at__isnull=False),
        text=dict.fromkeys(("html", "annex", "figures", "digest"), REPORT),
    ),
    Holding(
        model=ReportFile,
        privacy=REPORT,
        words="Released versions, as files",
        review="version__review",
        only=Q(version__released_at__isnull=False),
        text=dict.fromkeys(("content", "digest", "file_format"), REPORT),
    ),
    Holding(
        model=Briefing,
        privacy=REPORT,
        words="Briefings of released versions",
        review="version__review",
        only=Q(version__released_at__isnull=False),
        text=dict.fromkeys(("html", "refusal", "audience", "digest"), REPORT),
    ),
    # What was learnt is followed up for longer than cases are kept; it names no family and no person.
    Holding(
        model=LearningPoint,
        privacy=REPORT,
        words="Learning points",
        review="review",
        text=dict.fromkeys(("text", "owner", "audiences", "withdrawn_because"), REPORT),
    ),
    Holding(
        model=LEARNT_FROM,
        privacy=REPORT,
        words="Themes that learning points rest on",
        review="learningpoint__review",
    ),
    Holding(
        model=FollowUp,
        privacy=REPORT,
        words="Follow-up of learning points",
        review="point__review",
        text=dict.fromkeys(("status", "note"), REPORT),
    ),
    Holding(
        model=ReportTemplate,
        privacy=METHOD,
        words="Layout of the report",
        review="review",
        text={"sections": METHOD},
    ),
    Holding(
        model=AUTHORS,
        privacy=REPORT,
        words="Authors of released versions",
        review="reportversion__review",
        only=Q(reportversion__released_at__isnull=False),
    ),
    Holding(
        model=Approval,
        privacy=REPORT,
        words="Approvals of released versions",
        review="version__review",
        only=Q(version__released_at__isnull=False),
    ),
]
SIGHTINGS = {
    "theme.viewed": "read the passages of a theme",
    "question.viewed": "read the notes to a question",
    "matrix.viewed": "looked at the matrix",
    "coverage.viewed": "looked at what has been read",
    "evidence.viewed": "read passages beside a section of the report",
    "texts.searched": "searched the texts",
    "material.exported": "took coded material away in a file",
    "matrix.exported": "took the matrix away in a file",
}


def register_holdings() -> None:
    register([*CASE_DATA, *KEPT])
    sightings.update(SIGHTINGS)
