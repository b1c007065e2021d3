"""For each check, what finds in one text or table of its corpus: its pure part, in an invented review."""

from collections.abc import Callable
from typing import Any

from tests.themes.report.measuring import FIGURES
from themes.report.checks import (
    account_holders,
    circular,
    combinations,
    liberi_ids,
    live,
    names,
    one_case,
    patterns,
    public_ids,
    quantifiers,
    quoting,
    released_before,
    required,
    small_numbers,
)
from themes.report.checks.mentions import characteristic
from themes.report.checks.shares import shares_in
from themes.report.checks.tables import Table
from themes.report.checks.texts import said_in, sentences_of, smooth
from themes.report.found import ThemeFound
from themes.report.live_counts import unknown_tokens, without_tokens
from themes.report.prose import as_read

LINES = [
    ("parental-mental-health", "Parental mental health issues"),
    ("parental-substance-misuse", "Parental substance misuse"),
    ("maternal-use-during-pregnancy", "Maternal use during pregnancy"),
    ("cannabis-use-in-the-household", "Cannabis use in the household"),
    ("premature-birth", "Premature birth"),
    ("family-history-of-ics", "Family history of ICS involvement"),
    ("deprivation-or-financial-issues", "Deprivation or financial issues"),
    ("housing-issues", "Housing issues"),
    ("parental-aces", "Parental ACEs"),
    ("older-sibling-in-care", "Older sibling in care or living elsewhere"),
]
CHARACTERISTICS = [characteristic(slug, name) for slug, name in LINES]
HELD = combinations.Held(
    present={
        "parental-mental-health": {1, 2, 3, 4, 5, 6},
        "parental-substance-misuse": {1, 2, 3},
        "cannabis-use-in-the-household": {1, 2},
        "housing-issues": {4},
        "parental-aces": {1, 2, 3, 4, 5},
        "older-sibling-in-care": {5, 6},
    },
    districts={"North": {1, 2}, "South": {3}, "North Kent": {1}},
)
ABOUT = (
    "cases_with_theme:agency-checks",
    "cases_with_theme:fgc-referrals",
    "cases_with_theme:history-used",
    "cases_required:agency-checks",
    "cases_with_characteristic:family-history-of-ics",
)
WORDS = {
    **FIGURES,
    **{f"cases_with_theme:{name}": words for name, words in FIGURES.items()},
    **{f"cases_beyond:{name}": words for name, words in FIGURES.items()},
    **dict.fromkeys(ABOUT, "all 6 cases"),
    "selected_in:North": "2 cases",
}
IDS = {"70010001", "00998877"}
ACCOUNTS = [
    ("Wren Finch", "w.finch@kscmp.example"),
    ("Heron", "h@kscmp.example"),
    ("Siân O'Shea", "s.oshea@kscmp.example"),
    ("Business team", "t@kscmp.example"),
]
NOT_AGREED = (
    "She says that the plan was written by everyone round that table together, and nobody had to be asked "
    "twice."
)
NAMED = "Ms Bittern rang, and Dr. A. Dunlin agreed."
PUBLIC_ID = "n3x44w8jgb2r"
QUOTABLE = ["I had half a year, and that is rare."]
DISTRICTS = ["North", "South"]
ONLY_REQUIRED = [("fgc-referrals", "Referrals to FGC")]


def text_of(text: str) -> str:
    read = as_read(text)
    return smooth("\n\n".join((read.words, *read.addresses)))


def said_of(text: str) -> str:
    return smooth(said_in(text))


def account_holder(text: str) -> list[object]:
    text = text_of(text)
    return [
        found
        for name, email in ACCOUNTS
        if (found := account_holders.name_in(name, text) or email in text.casefold())
    ]


def small(entry: dict[str, Any]) -> list[str]:
    if "sentence" in entry:
        return small_numbers.crossed_in_words(said_of(entry["sentence"]), WORDS, DISTRICTS)
    table = Table(entry["name"], tuple(entry["columns"]), tuple(map(tuple, entry["rows"])))
    crossed = ["crossed"] if small_numbers.crosses_districts(table, DISTRICTS) else []
    left = small_numbers.by_subtraction(table, {"Agency checks": 6}, 6)
    return crossed + small_numbers.small_cells(table) + left


def released(entry: dict[str, Any]) -> list[object]:
    before, now = (
        [Table("Themes", ("Theme", "Cases"), tuple(map(tuple, entry.get(name, []))))]
        for name in ("before", "now")
    )
    html = {
        name: "".join(f"<blockquote><p>{words}</p></blockquote>" for words in entry.get(name, []))
        for name in ("quoted_before", "quoted_now")
    }
    changed: list[object] = list(released_before.changed_by_a_few(before, now))
    return changed + list(released_before.quotations_gone(html["quoted_before"], html["quoted_now"]))


def required_practice(entry: Any) -> object:
    if isinstance(entry, str):
        said = said_of(entry)
        return required.praised(said, WORDS, ONLY_REQUIRED) or required.praised_as_required(said, WORDS)
    return required.only_required(ThemeFound(1, "", "", "", "", "", passages=1, could_be_better=0, **entry))


def restated(text: str) -> str:
    said = sentences_of(said_of(text))
    following = [*said[1:], ""]
    restates = {"history-used": "Family history of ICS involvement"}
    told = (
        circular.restated(each, after, WORDS, CHARACTERISTICS, restates)
        for each, after in zip(said, following, strict=True)
    )
    return next(filter(None, told), "")


def _in_text(find: Callable[[str], Any]) -> Callable[[Any], list[object]]:
    return lambda text: list(find(text_of(text)))


def in_notes(text: str) -> list[str]:
    return names.named_in(names.TITLED.findall(NAMED), text_of(text))


FINDERS: dict[str, Callable[[Any], object]] = {
    "liberi-id": lambda text: liberi_ids.numbers(text_of(text)) & IDS,
    "nhs-number": _in_text(patterns.nhs_numbers),
    "pupil-number": _in_text(patterns.pupil_numbers),
    "national-insurance-number": _in_text(patterns.national_insurance_numbers),
    "case-letter": _in_text(patterns.case_letters),
    "account-holder": account_holder,
    "name-in-notes": in_notes,
    "public-id": lambda text: {PUBLIC_ID} & public_ids.public_ids(text_of(text)),
    "quoting-not-agreed": lambda text: quoting.repeated(text_of(text), quoting.Said([NOT_AGREED])),
    "unknown-count": lambda text: unknown_tokens(said_of(text), WORDS),
    "typed-figure": lambda text: list(live.typed_counts(without_tokens(said_of(text)))),
    "postcode": _in_text(patterns.postcodes),
    "telephone-number": _in_text(patterns.telephone_numbers),
    "email": _in_text(patterns.emails),
    "exact-date": _in_text(patterns.exact_dates),
    "likely-name": _in_text(names.likely_names),
    "rare-combination": lambda text: combinations.sharing(text_of(text), CHARACTERISTICS, HELD),
    "small-numbers": small,
    "released-before": released,
    "quotation-unknown": lambda text: list(quoting.of_unknown_source(text_of(text), quoting.Said(QUOTABLE))),
    "quantifier": lambda text: list(quantifiers.unbacked(said_of(text), shares_in(text, WORDS))),
    "circular": restated,
    "required-practice": required_practice,
    "one-case": lambda text: list(one_case.on_one_case(said_of(text), WORDS)),
}
