"""Liberi IDs of the review's cases, withdrawn ones too, whatever stands between their digits."""

import re
import unicodedata
from collections.abc import Iterator

from cases import liberi
from cases.models import Case
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import ANYWHERE, Check, Found

DIGITS = re.compile(r"\d+")
# Spaces, dashes, emphasis, the bars of a table: up to three signs that are neither letter nor digit.
BETWEEN_GROUPS = re.compile(r"(?:[^\w]|_){0,3}")
MOST_GROUPS = liberi.LONGEST
# Shorter ones are found in what people wrote; in the whole document they would be its years and counts.
SHORTEST_ANYWHERE = 5


def numbers(text: str, *, shortest: int = 1) -> set[str]:
    """Every run of digits of any script, and of such runs with little between, short enough for an ID."""
    groups = list(DIGITS.finditer(text))
    found: set[str] = set()
    for first in range(len(groups)):
        number, end = "", groups[first].start()
        for group in groups[first : first + MOST_GROUPS]:
            number += "".join(str(unicodedata.decimal(digit)) for digit in group[0])
            if len(number) > liberi.LONGEST or not BETWEEN_GROUPS.fullmatch(text, end, group.start()):
                break
            end = group.end()
            found.add(number)
    return {number for number in found if len(number) >= shortest}


def look(looked: Looked) -> Iterator[Found]:
    in_text = {text: numbers(text.text) for text in looked.written}
    in_text[ANYWHERE] = numbers(looked.words, shortest=SHORTEST_ANYWHERE)
    digests = {number: liberi.digest(number) for found in in_text.values() for number in found}
    cases = Case.objects.of(looked.review).filter(liberi_id_digest__in=set(digests.values()))
    held = set(cases.values_list("liberi_id_digest", flat=True))
    told: set[str] = set()
    for text, found in in_text.items():
        ids = {number for number in found if digests[number] in held}
        # The whole document comes last, and repeats what the texts in it say.
        if ids and not (text is ANYWHERE and ids <= told):
            yield Found(f"{text.place} holds a Liberi ID.", text, " ".join(sorted(ids)))
        told |= ids


CHECK = Check(
    slug="liberi-id",
    title="Liberi ID",
    why="It leads anybody with access to Liberi to the family's record.",
    remedy="Take it out.",
    look=look,
)
