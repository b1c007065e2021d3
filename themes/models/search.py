"""What can be searched for: the words of findings, notes, summaries, memos and themes."""

from typing import Any, ClassVar

from django.db import connection, models

from cases.models import Case, Review


class SearchKind(models.TextChoices):
    FINDING = "finding", "Findings"
    NOTE = "note", "Interview notes"
    CELL = "cell", "Summaries in the matrix"
    MEMO = "memo", "Memos on passages"
    THEME = "theme", "Themes and their memos"


class SearchTextQuerySet(models.QuerySet["SearchText"]):
    def open_to_readers(self, review: Review) -> "SearchTextQuerySet":
        """Of the review itself and of its selected cases."""
        selected = models.Q(case__withdrawn_at=None) & ~models.Q(case__letter="")
        return self.filter(models.Q(case=None) | selected, review=review)

    def with_words(self, terms: list[str]) -> "SearchTextQuerySet":
        """In which every term begins a word; see `themes.coding.words`."""
        if connection.vendor == "postgresql":
            from django.contrib.postgres.search import SearchQuery, SearchVector

            wanted = " & ".join(f"{begun(term)}:*" for term in terms)
            vector = SearchVector("words", config="simple")
            query = SearchQuery(wanted, config="simple", search_type="raw")
            found: SearchTextQuerySet = self.annotate(vector=vector).filter(vector=query)
            return found
        found = self
        for term in terms:
            found = found.filter(words__contains=f" {begun(term)}")
        return found


class SearchText(models.Model):
    """The folded words of one text, kept in step by the action that writes it (docs/adr/0026)."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=SearchKind.choices)
    # The primary key of the finding, note, cell, passage or theme.
    source = models.PositiveBigIntegerField()
    words = models.TextField()

    objects: ClassVar[Any] = SearchTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="one_search_text_a_source"),
            models.CheckConstraint(condition=models.Q(kind__in=SearchKind.values), name="search_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


def begun(word: str) -> str:
    """A word as it is stored: with a letter before it, so that no database reads it as a number."""
    return f"x{word}"
