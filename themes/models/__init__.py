"""The tables of the codebook, findings, interviews, tags, the matrix and the report."""

from themes.models.acceptance import ReportAcceptance
from themes.models.briefing import Briefing
from themes.models.cell import Cell
from themes.models.finding import Expectation, Finding, Quality, RecordKind
from themes.models.interview import Interview, InterviewNote, InterviewStatus, TopicQuestion
from themes.models.learning_point import (
    SETTLED,
    Audience,
    FollowUp,
    FollowUpStatus,
    LearningPoint,
    PointDraft,
    labels_of,
)
from themes.models.record_read import ReadOutcome, RecordRead
from themes.models.report import (
    Approval,
    ReportFile,
    ReportSection,
    ReportTemplate,
    ReportVersion,
    SectionDraft,
)
from themes.models.search import SearchKind, SearchText
from themes.models.second_reading import SecondReading, SecondTag, Settlement
from themes.models.step import CodebookStep, StepKind
from themes.models.tag import Passage, Source, Tag
from themes.models.theme import Strand, Theme
from themes.models.writing import WritingDraft, WritingKind

__all__ = [
    "SETTLED",
    "Approval",
    "Audience",
    "Briefing",
    "Cell",
    "CodebookStep",
    "Expectation",
    "Finding",
    "FollowUp",
    "FollowUpStatus",
    "Interview",
    "InterviewNote",
    "InterviewStatus",
    "LearningPoint",
    "Passage",
    "PointDraft",
    "Quality",
    "ReadOutcome",
    "RecordKind",
    "RecordRead",
    "ReportAcceptance",
    "ReportFile",
    "ReportSection",
    "ReportTemplate",
    "ReportVersion",
    "SearchKind",
    "SearchText",
    "SecondReading",
    "SecondTag",
    "SectionDraft",
    "Settlement",
    "Source",
    "StepKind",
    "Strand",
    "Tag",
    "Theme",
    "TopicQuestion",
    "WritingDraft",
    "WritingKind",
    "labels_of",
]
