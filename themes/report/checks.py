"""What keeps a report from being put forward or released: identifiers, typed counts, words not agreed to.

Each check answers with the problems it found. A check that cannot run is a problem itself: what was not
looked at is not released.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

from django.db import transaction
from django.utils import timezone

from cases import liberi
from cases.models import Case, Review, Role
from cases.public_ids import ALPHABET, LENGTH
from kscmp_review.accounts.models import User
from themes.models import Finding, InterviewNote, Passage
from themes.report.document import Material, build
from themes.report.live_counts import filled, unknown_tokens, without_tokens
from themes.report.patterns import PATTERNS, typed_counts

TAGS = re.compile(r"<[^>]*>")
DIGITS = re.compile(r"\d+")
BETWEEN_GROUPS = re.compile(r"[ \u00a0\u2009\u202f.,/-]{0,2}")
MOST_GROUPS = 8
# Shorter ones are found in what people wrote; in the whole document they would be its years and counts.
SHORTEST_ANYWHERE = 5
PUBLIC_ID = re.compile(rf"(?<![0-9a-z])[{ALPHABET}]{{{LENGTH}}}(?![0-9a-z])")
RUN_OF_WORDS = 8
WORD = re.compile(r"[^\W_]+")
# An account may be called after its role; that word is no name.
NO_NAMES = {*(str(label).casefold() for label in Role.labels), "administrator"}


@dataclass(frozen=True, slots=True)
class Written:
    """A text that people wrote and the report prints, with the place it is put right.

    `section` is a section's key, `case` a case's public id; without either, `page` names the page.
    """

    place: str
    text: str
    section: str = ""
    case: str = ""
    page: str = ""


ANYWHERE = Written("The report", "", page="report")


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way of release, in a sentence, and where to put it right."""

    sentence: str
    at: Written


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks look at: each written text, and the whole document as it would be given away."""

    material: Material
    written: tuple[Written, ...]
    document: str = field(repr=False)

    @property
    def review(self) -> Review:
        return self.material.review

    def place_of(self, words: str) -> Written:
        """The written text that holds the words; the document as a whole where none does."""
        wanted = words.casefold()
        return next((text for text in self.written if wanted in text.text.casefold()), ANYWHERE)


def problems_of(material: Material) -> list[Problem]:
    """All problems, in the order of the checks; empty where the report may go forward."""
    document = build(material, on=timezone.localdate(), leave_unknown=True).html
    checked = Checked(material, tuple(written_texts(material)), document)
    problems: list[Problem] = []
    for what, check in CHECKS.items():
        try:
            with transaction.atomic():
                problems.extend(check(checked))
        except Exception:  # noqa: BLE001 - whatever went wrong, the report was not looked at for this
            sentence = f"The check for {what} could not run, so the report cannot be released."
            problems.append(Problem(sentence, ANYWHERE))
    return list(dict.fromkeys(problems))


def written_texts(material: Material) -> Iterator[Written]:
    """Every text of the report that a person wrote, with its live counts in words."""
    yield Written("The review's title", material.review.title, page="review_settings")
    for part in material.parts:
        text = f"{part.heading}\n{filled(part.body, material.words, leave_unknown=True)}"
        yield Written(f"Section “{part.heading}”", text, section=part.key)
    for version in material.facts.versions:
        lines = [version.reason, *version.differences, *(line.name for line in version.lines)]
        yield Written(f"Version {version.number} of the risk profile", "\n".join(lines), page="profile")
    for theme in material.facts.every_theme():
        yield Written(f"Theme “{theme.name}”", f"{theme.name}\n{theme.definition}", page="codebook")
    for quotations in material.quoted.values():
        for quotation in quotations:
            yield Written("A quotation", quotation.words, case=quotation.case)


def liberi_ids(checked: Checked) -> Iterator[Problem]:
    """Liberi IDs of the review's cases, withdrawn ones too, also with spaces between their digits."""
    numbers = {text: _numbers(text.text, shortest=1) for text in checked.written}
    numbers[ANYWHERE] = _numbers(plain(checked.document), shortest=SHORTEST_ANYWHERE)
    digests = {number: liberi.digest(number) for found in numbers.values() for number in found}
    cases = Case.objects.of(checked.review).filter(liberi_id_digest__in=set(digests.values()))
    held = set(cases.values_list("liberi_id_digest", flat=True))
    told: set[str] = set()
    for text, found in numbers.items():
        ids = {number for number in found if digests[number] in held}
        # The whole document comes last, and repeats what the texts in it say.
        if ids and not (text is ANYWHERE and ids <= told):
            yield Problem(f"{text.place} holds a Liberi ID. Take it out.", text)
        told |= ids


def people(checked: Checked) -> Iterator[Problem]:
    """Names and e-mail addresses of account holders, anywhere in the document."""
    document = plain(checked.document)
    small = document.casefold()
    for name, email in User.objects.values_list("name", "email"):
        if email.casefold() in small:
            at = checked.place_of(email)
            yield Problem(f"{at.place} holds the e-mail address of an account holder. Take it out.", at)
        found = _name_in(name, document)
        if found:
            at = checked.place_of(found)
            sentence = f"{at.place} holds “{found}”, the name of an account holder. Write the role instead."
            yield Problem(sentence, at)


def personal_data(checked: Checked) -> Iterator[Problem]:
    """What looks like personal data in any text that people wrote."""
    for text in checked.written:
        for pattern in PATTERNS:
            for found in pattern.find(text.text):
                looks = f"{text.place} holds what looks like {pattern.what}: “{found}”."
                yield Problem(f"{looks} {pattern.instead}", text)


def public_ids(checked: Checked) -> Iterator[Problem]:
    """The program's own names for cases, findings and notes: outside it they are nobody's business."""
    wanted = set(PUBLIC_ID.findall(checked.document))
    if not wanted:
        return
    for model in (Case, Finding, InterviewNote):
        for found in model.objects.filter(public_id__in=wanted).values_list("public_id", flat=True):
            at = checked.place_of(found)
            yield Problem(f"{at.place} holds the program's own name of a case or text. Take it out.", at)


def tokens(checked: Checked) -> Iterator[Problem]:
    """Live counts that do not exist."""
    for part, text in _sections(checked):
        for token in unknown_tokens(part, checked.material.words):
            yield Problem(f"{text.place} asks for “{token}”, which is no live count of this report.", text)


def counts_typed(checked: Checked) -> Iterator[Problem]:
    """Figures typed where a live count belongs (rule 8)."""
    for part, text in _sections(checked):
        for found in typed_counts(without_tokens(part)):
            yield Problem(f"{text.place} has a typed figure: “{found}”. Use a live count instead.", text)


def agreement(checked: Checked) -> Iterator[Problem]:
    """Words of an interview without agreement to be quoted: marked quotable, or repeated in any text."""
    notes = InterviewNote.objects.filter(interview__case__review=checked.review)
    notes = notes.exclude(interview__quoting_agreed=True)
    marked = Passage.objects.of_selected_cases(checked.review).filter(quotable=True, note__in=notes)
    for case in marked.values_list("case__public_id", flat=True).distinct():
        at = Written("An interview", "", case=case)
        yield Problem("An interview has a passage marked quotable, and quoting was not agreed.", at)
    not_agreed = {run for words in notes.values_list("text", flat=True) for run in _runs(words)}
    for text in checked.written:
        if any(run in not_agreed for run in _runs(text.text)):
            sentence = f"{text.place} repeats words of an interview whose speaker did not agree to be quoted."
            yield Problem(sentence, text)


CHECKS: dict[str, Callable[[Checked], Iterable[Problem]]] = {
    "Liberi IDs": liberi_ids,
    "names and e-mail addresses": people,
    "personal data": personal_data,
    "names of cases in the program": public_ids,
    "live counts": tokens,
    "typed figures": counts_typed,
    "agreement to be quoted": agreement,
}


def plain(html: str) -> str:
    """The words of a document, its tags gone."""
    return unescape(TAGS.sub(" ", html))


def _sections(checked: Checked) -> Iterator[tuple[str, Written]]:
    """Each section's words as they are typed, and where they stand."""
    by_key = {text.section: text for text in checked.written if text.section}
    for part in checked.material.parts:
        yield f"{part.heading}\n\n{part.body}", by_key[part.key]


def _numbers(text: str, *, shortest: int) -> set[str]:
    """Every run of digits, and every run of such runs with little between them, short enough to be an ID."""
    groups = list(DIGITS.finditer(text))
    numbers: set[str] = set()
    for first in range(len(groups)):
        number, end = "", groups[first].start()
        for group in groups[first : first + MOST_GROUPS]:
            number += group[0]
            if len(number) > liberi.LONGEST or not BETWEEN_GROUPS.fullmatch(text, end, group.start()):
                break
            end = group.end()
            numbers.add(number)
    return {number for number in numbers if len(number) >= shortest}


def _name_in(name: str, text: str) -> str:
    """The account's name as the text has it; one word counts only as it is written, a role's name never."""
    parts = name.split()
    if not parts or name.casefold() in NO_NAMES:
        return ""
    spaced = r"\s+".join(map(re.escape, parts))
    found = re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE if len(parts) > 1 else 0)
    return found[0] if found else ""


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Each run of eight words, whatever stands between them."""
    words = [word.casefold() for word in WORD.findall(text)]
    return (tuple(words[start : start + RUN_OF_WORDS]) for start in range(len(words) - RUN_OF_WORDS + 1))
