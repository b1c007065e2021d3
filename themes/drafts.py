"""The drafts of this floor by review: they end with the review, and with the membership of who wrote them."""

from django.db.models import QuerySet

from cases.models import Review
from themes.models import PointDraft, SectionDraft, WritingDraft


def of_texts(review: Review) -> "QuerySet[WritingDraft]":
    return WritingDraft.objects.filter(case__review=review)


def of_sections(review: Review) -> "QuerySet[SectionDraft]":
    return SectionDraft.objects.filter(review=review)


def of_points(review: Review) -> "QuerySet[PointDraft]":
    return PointDraft.objects.filter(review=review)


drafts_of = (of_texts, of_sections, of_points)
