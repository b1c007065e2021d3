"""Counts in words (rule 8): "5 of the 6 cases", computed when a report is built and never typed."""

from collections import Counter
from collections.abc import Iterable

# How the interviews that were not done are told, in this order, by status.
NOT_DONE = {
    "agreed": ("has agreed", "have agreed"),
    "invited": ("has been invited", "have been invited"),
    "declined": ("declined", "declined"),
    "unavailable": ("was unavailable", "were unavailable"),
}
IRREGULAR = {"child": "children", "person": "people", "is": "are", "was": "were", "has": "have"}


def plural(noun: str) -> str:
    """The plural of an English noun or phrase, by its last word."""
    head, space, last = noun.rpartition(" ")
    if last in IRREGULAR:
        last = IRREGULAR[last]
    elif last.endswith("y") and last[-2:-1] not in tuple("aeiou"):
        last = last[:-1] + "ies"
    else:
        last += "es" if last.endswith(("s", "x", "ch", "sh")) else "s"
    return head + space + last


def counted(count: int, noun: str) -> str:
    """As in "1 case", "6 cases", "no cases"."""
    return f"{count or 'no'} {noun if count == 1 else plural(noun)}"


def in_words(count: int, total: int, noun: str) -> str:
    """As in "all 6 cases", "5 of the 6 cases", "none of the 6 cases"; "the 1 case"; "no cases" of none.

    ValueError when the count is below 0 or above the total.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is not a count")
    if total == 0:
        return counted(0, noun)
    whole = counted(total, noun)
    if count == total:
        return f"the {whole}" if total == 1 else f"all {whole}"
    return f"{count or 'none'} of the {whole}"


def sentence_start(phrase: str) -> str:
    """The phrase with its first letter capital: "None of the 6 cases"; a figure stands as it is."""
    return phrase[:1].upper() + phrase[1:]


def interview_tally(
    statuses: Iterable[str], total: int, *, noun: str = "social worker", reasons: Iterable[str] = ()
) -> str:
    """One sentence: "5 of the 6 social workers took part; 1 was unavailable (maternity leave)."

    `statuses` holds one interview status a selected case; `total` counts the selected cases, so that those
    without an interview yet are told too. `reasons` are why some were unavailable, fit to be printed.
    ValueError for more statuses than the total, or an unknown one.
    """
    counts = Counter(statuses)
    unknown = set(counts) - {"done", *NOT_DONE}
    if unknown:
        raise ValueError(f"not an interview status: {', '.join(sorted(unknown))}")
    waiting = total - counts.total()
    if waiting < 0:
        raise ValueError(f"{counts.total()} interviews for {total} selected cases")
    told = [f"{in_words(counts['done'], total, noun)} took part"]
    for status, (one, many) in NOT_DONE.items():
        if counts[status]:
            told.append(f"{counts[status]} {one if counts[status] == 1 else many}")
            if status == "unavailable" and (why := "; ".join(dict.fromkeys(filter(None, reasons)))):
                told[-1] += f" ({why})"
    if waiting:
        told.append(f"{waiting} {'has' if waiting == 1 else 'have'} not been invited yet")
    return sentence_start("; ".join(told)) + "."
