"""The ranking as the selection page and the export show it: rules 1 to 4 on one row a case."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from cases.matching.answers import CaseAnswers, CountedCase, Profile, ProfileReader, answers_in_full
from cases.matching.cutoff import Criteria
from cases.matching.ranking import rank
from cases.matching.robustness import Robustness, decisive_slugs
from cases.matching.suggestion import Suggestion, suggest_ranked


class RankingRow(NamedTuple):
    """One case of the ranking. `answers` has every characteristic of the profile, in its order.

    `decisive` names the characteristics whose not-known answer is decisive (rule 4).
    """

    rank: int
    key: Hashable
    district: str
    match_count: int
    key_count: int
    not_known: int
    lowest: int
    highest: int
    standing: str
    suggested: str
    answers: Mapping[str, str]
    decisive: tuple[str, ...]


class RankingTable(NamedTuple):
    """Rows in the order of rule 2, and the suggested selection they were made with."""

    rows: list[RankingRow]
    suggestion: Suggestion


def ranking_table(cases: Iterable[CaseAnswers], profile: Profile, criteria: Criteria) -> RankingTable:
    """The whole ranking of a review under one profile. Keys must be unique, else ValueError."""
    listed = list(cases)
    reader = ProfileReader(profile)
    by_key = {case.key: case for case in listed}
    if len(by_key) != len(listed):
        raise ValueError("each case of a ranking has a key of its own")
    ranked = rank(CountedCase(case.key, case.sequence, reader.counts(case)) for case in listed)
    suggestion = suggest_ranked(ranked, criteria)
    tally = Counter(entry.case.counts for entry in ranked)
    robustness = Robustness(tally, criteria)
    standing_at = {counts: robustness.standing(counts) for counts in tally}
    decisive_at = {counts: robustness.decisive(counts) for counts in tally}
    rows: list[RankingRow] = []
    for shared, (key, _, counts) in ranked:
        case = by_key[key]
        answers = answers_in_full(case, profile)
        rows.append(
            RankingRow(
                rank=shared,
                key=key,
                district=case.district,
                match_count=counts.match_count,
                key_count=counts.key_count,
                not_known=counts.not_known,
                lowest=counts.lowest,
                highest=counts.highest,
                standing=standing_at[counts],
                suggested=suggestion.by_key[key],
                answers=answers,
                decisive=decisive_slugs(answers, profile, decisive_at[counts]),
            )
        )
    return RankingTable(rows, suggestion)
