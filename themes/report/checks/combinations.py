"""The motivated intruder: a sentence that puts characteristics together which few selected cases share."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cases.models import Answer, Case, Presence
from themes.report.checks.circular import characteristics_of
from themes.report.checks.looked_at import Looked
from themes.report.checks.mentions import Characteristic, mentioned, named_in
from themes.report.checks.problem import Check, Found
from themes.report.checks.texts import sentences_of

# Rule 12: a count from 1 to 4 is small. Fewer than five cases are few enough to be told apart.
ENOUGH = 5
# A sentence about the profile itself says nothing of a case.
ABOUT_THE_PROFILE = ("characteristic", "profile", "risk line", "was counted", "were counted")


@dataclass(frozen=True, slots=True)
class Held:
    """Which selected cases have each characteristic present, by its slug, and which are of each district."""

    present: Mapping[str, AbstractSet[int]]
    districts: Mapping[str, AbstractSet[int]]


def sharing(
    sentence: str, characteristics: Sequence[Characteristic], held: Held
) -> tuple[list[str], int] | None:
    """What the sentence puts together and how many selected cases share it, where that is one to four.

    Two characteristics or more, or one beside a district. None where it is nobody, or many.
    """
    small = sentence.casefold()
    if any(words in small for words in ABOUT_THE_PROFILE):
        return None
    spoken_of = mentioned(sentence, characteristics)
    named = named_in(held.districts, sentence)
    if not spoken_of or len(spoken_of) + bool(named) < 2:
        return None
    sets = [held.present.get(each.slug, set()) for each in spoken_of]
    if named:
        sets.append({case for name in named for case in held.districts[name]})
    number = len(set.intersection(*(set(cases) for cases in sets)))
    if not 0 < number < ENOUGH:
        return None
    return [*(each.name for each in spoken_of), *named], number


def held_by(looked: Looked) -> Held:
    """Two queries, however many cases."""
    present: dict[str, set[int]] = {}
    answers = (
        Answer.objects.filter(case__review=looked.review, case__withdrawn_at=None)
        .exclude(case__letter="")
        .filter(presence=Presence.PRESENT)
    )
    for slug, case in answers.values_list("characteristic__slug", "case_id"):
        present.setdefault(slug, set()).add(case)
    districts: dict[str, set[int]] = {}
    for name, case in Case.objects.of(looked.review).selected().values_list("district__name", "pk"):
        districts.setdefault(name, set()).add(case)
    return Held(present, districts)


def look(looked: Looked) -> Iterator[Found]:
    characteristics, held = characteristics_of(looked), held_by(looked)
    for text in looked.written:
        if not (text.section or text.case):
            continue
        for sentence in sentences_of(text.text):
            shared = sharing(sentence, characteristics, held)
            if shared:
                names, number = shared
                few = (
                    "one of the selected cases has" if number == 1 else f"{number} of the selected cases have"
                )
                told = f"{text.place} puts together {_listed(names)}, which only {few}."
                yield Found(told, text, f"{sentence}\n{number}", passage=sentence)


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


CHECK = Check(
    slug="rare-combination",
    title="Combination that few cases share",
    why="Two or three facts together tell whoever knows a family that it is meant, and tell them the rest.",
    remedy="Tell the facts apart, or leave one out.",
    look=look,
    acceptable=True,
)
