"""Why a case stands where it stands, in words: plain functions over counts, so that each is easily tested."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.matching import Counts, Criteria, score_of
from cases.matching.ranking import Score

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
STANDINGS = {
    "secure": "Secure: it is in the suggested selection however every not-known answer turns out.",
    "open": "Open: it depends on answers that are not known yet whether it is in the suggested selection.",
    "out": "Out: it is not in the suggested selection however every not-known answer turns out.",
}
SUGGESTIONS = {
    "yes": "Suggested: it is in however ties are broken.",
    "tie": "Tied at the cut-off: in or out by how the tie is broken, which is for a person to decide.",
    "no": "Not suggested: it is out however ties are broken.",
}


@dataclass(frozen=True)
class Place:
    """All that the words about one case's rank need: its own counts and those of everybody."""

    rank: int
    counts: Counts
    tally: Mapping[Counts, int]
    characteristics: int

    @property
    def total(self) -> int:
        return sum(self.tally.values())


def ordinal(number: int) -> str:
    """ "sixth", "21st": in letters up to ten."""
    if 1 <= number <= len(ORDINALS):
        return ORDINALS[number - 1]
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    return f"{number:,}" + {1: "st", 2: "nd", 3: "rd"}.get(last, "th")


def plural(number: int, thing: str) -> str:
    """ "1 case", "2 cases"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def joined(items: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def range_in_words(lowest: int, highest: int) -> str:
    """ "7 to 8", or "7" where nothing is unknown."""
    return str(lowest) if lowest == highest else f"{lowest} to {highest}"


def explain_place(place: Place) -> list[str]:
    """Sentences: the rank and its counts, whom it is level with, and what puts others ahead (rule 2)."""
    return [_where(place), *_unknown(place), *_level(place), *_ahead(place)]


def explain_suggestion(suggested: str, standing: str, counts: Counts, criteria: Criteria) -> list[str]:
    """Sentences: whether it qualifies, what is suggested, and how firm that is (rules 3 and 4)."""
    if counts.match_count < criteria.minimum:
        needed = f"It does not qualify: {criteria.minimum} are needed and {counts.match_count} are present."
        return [needed, STANDINGS[standing]]
    return [SUGGESTIONS[suggested], STANDINGS[standing]]


def _where(place: Place) -> str:
    counts = place.counts
    level = sum(_alike(place).values()) > 1
    where = ("joint " if level else "") + ordinal(place.rank)
    return (
        f"{where[0].upper()}{where[1:]} of {place.total:,}: {counts.match_count} of {place.characteristics} "
        f"present, {counts.key_count} of them key."
    )


def _unknown(place: Place) -> list[str]:
    counts = place.counts
    if not counts.not_known:
        return ["Every answer is known."]
    answers = f"{plural(counts.not_known, 'answer')} {'is' if counts.not_known == 1 else 'are'}"
    return [f"{answers} not known, so the count may be {range_in_words(counts.lowest, counts.highest)}."]


def _alike(place: Place) -> dict[Counts, int]:
    score = score_of(place.counts)
    return {counts: number for counts, number in place.tally.items() if score_of(counts) == score}


def _level(place: Place) -> list[str]:
    others = sum(_alike(place).values()) - 1
    if not others:
        return []
    sharing = plural(others, "other case")
    alike = "as many present, as many of them key, as many not known"
    return [f"It shares this rank with {sharing}: {alike}."]


def _ahead(place: Place) -> list[str]:
    own = score_of(place.counts)
    more = _number(place, lambda score: score[0] > own[0])
    keys = _number(place, lambda score: score[0] == own[0] and score[1] > own[1])
    known = _number(place, lambda score: score[:2] == own[:2] and score[2] > own[2])
    reasons = {
        "more present": more,
        "as many present but more of them key": keys,
        "as many present and key but fewer answers not known": known,
    }
    given = [(reason, number) for reason, number in reasons.items() if number]
    if not given:
        return ["No case is ahead of it."]
    number = more + keys + known
    ahead = f"{plural(number, 'case')} {'is' if number == 1 else 'are'} ahead of it"
    if len(given) == 1:
        return [f"{ahead}, with {given[0][0]}."]
    return [f"{ahead}: {joined([f'{each:,} with {reason}' for reason, each in given])}."]


def _number(place: Place, wanted: Callable[[Score], bool]) -> int:
    return sum(number for counts, number in place.tally.items() if wanted(score_of(counts)))


def tie_in_words(
    *, number: int, rank: int, places: int, names: Iterable[str], district: str = "", decided: bool = False
) -> str:
    """ "3 cases are tied at rank 5 for 2 places: A, B and C. Decide between them." """
    listed = list(names)
    more = number - len(listed)
    named = joined(listed if more <= 0 else [*listed, f"{more:,} more"])
    of_district = f" under the minimum of {district}" if district else ""
    return (
        f"{plural(number, 'case')} are tied at rank {rank:,} for {plural(places, 'place')}{of_district}: "
        f"{named}. {'Each of them is decided.' if decided else 'Decide between them.'}"
    )


def fewer_in_words(*, qualifying: int, wanted: int, minimum: int) -> str:
    """Said where fewer cases qualify than are wanted; empty otherwise."""
    if qualifying >= wanted:
        return ""
    if not qualifying:
        return f"No case qualifies ({minimum} or more present): none is suggested."
    qualify = "case qualifies" if qualifying == 1 else "cases qualify"
    suggested = "1 is suggested" if qualifying == 1 else f"{qualifying} are suggested"
    return f"Only {qualifying} {qualify} ({minimum} or more present), and {wanted} are wanted: {suggested}."
