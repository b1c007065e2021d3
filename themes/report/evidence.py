"""What stands beside a section while it is written: themes with their counts, quotations and passages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from themes.models import Passage, Strand
from themes.report.document import Material
from themes.report.found import ThemeFound
from themes.report.quotations import Quotation, as_quoted

# The strand whose themes are first beside a section.
STRANDS = {"desk-top-review": Strand.DESK_TOP, "feedback-from-professionals": Strand.FEEDBACK}
# Passages shown a theme; its page in the codebook has them all.
MOST_PASSAGES = 12


@dataclass(frozen=True, slots=True)
class Read:
    """A passage that is not marked as quotable: to be told in one's own words.

    `insert` is empty for words of an interview without agreement to quote.
    """

    words: str
    letter: str
    source: str
    case: str
    anchor: str
    insert: str


@dataclass(frozen=True, slots=True)
class ThemeEvidence:
    """One theme, with its sub-themes; `more` counts passages beyond those shown."""

    theme: ThemeFound
    quoted: list[Quotation]
    passages: list[Read]
    more: int

    @property
    def count(self) -> str:
        """The live count of its cases, as it is put into a text."""
        return "{{ cases_with_theme:" + self.theme.slug + " }}"


def evidence_beside(
    material: Material, key: str, *, hidden: Collection[int]
) -> list[tuple[Strand, list[ThemeEvidence]]]:
    """Themes found in some case by strand, the section's own strand first. One query.

    Passages of the cases in `hidden` are left out: this person reads those without seeing their tags.
    """
    passages = _passages(material, hidden)
    first = STRANDS.get(key)
    strands = sorted(Strand, key=lambda strand: strand != first)
    return [
        (strand, [_of_theme(material, theme, passages) for theme in material.facts.in_strand(strand)])
        for strand in strands
    ]


def _of_theme(material: Material, theme: ThemeFound, passages: dict[int, Passage]) -> ThemeEvidence:
    family = {theme.pk, *(sub.pk for sub in theme.sub_themes)}
    quoted = material.quoted.get(theme.pk, [])
    told = {quotation.passage for quotation in quoted}
    carried = dict.fromkeys(tag.passage for tag in material.facts.tags if tag.theme in family)
    others = [passages[pk] for pk in carried if pk in passages and pk not in told]
    return ThemeEvidence(theme, quoted, list(_read(others[:MOST_PASSAGES])), len(others[MOST_PASSAGES:]))


def _passages(material: Material, hidden: Collection[int]) -> dict[int, Passage]:
    tagged = {tag.passage for tag in material.facts.tags}
    found = Passage.objects.of_selected_cases(material.review).exclude(case__in=hidden).with_source()
    return {passage.pk: passage for passage in found if passage.pk in tagged}


def _read(passages: Iterable[Passage]) -> Iterable[Read]:
    for passage in passages:
        note = passage.note
        source = passage.finding.get_record_kind_display() if passage.finding else "Interview"
        words = as_quoted(passage.words)
        yield Read(
            words=words,
            letter=passage.case.letter,
            source=source,
            case=passage.case.public_id,
            anchor=passage.source.public_id,
            insert=words if note is None or note.interview.quoting_agreed else "",
        )
