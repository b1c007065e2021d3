"""The matching of cases to a risk profile: pure functions over plain values, no Django.

`answers` counts (rule 1), `ranking` orders (2), `cutoff` and `suggestion` choose (3), `robustness` says what
not-known answers could change (4), `agreement` compares reported and verified (5), `closeness` compares with
the index cases (9), and `table` puts rules 1 to 4 on one row a case.
"""

from cases.matching.agreement import Agreement, AgreementTable, Comparison, agreement, agreement_table
from cases.matching.answers import (
    ABSENT,
    ANSWERS,
    KEY,
    NOT_KNOWN,
    OF_INTEREST,
    PRESENT,
    TIERS,
    CaseAnswers,
    Characteristic,
    CountedCase,
    Counts,
    Profile,
    ProfileReader,
    answers_in_full,
    count_case,
    effective_answer,
)
from cases.matching.closeness import ClosenessToIndex, closeness
from cases.matching.cutoff import Criteria, Cutoff
from cases.matching.ranking import RankedCase, order, rank, score_of
from cases.matching.robustness import (
    OPEN,
    OUT,
    SECURE,
    Decisive,
    Robustness,
    decisive_answers,
    decisive_slugs,
    standings,
    tally_counts,
)
from cases.matching.suggestion import (
    NO,
    TIE,
    YES,
    Suggestion,
    TiedGroup,
    find_cutoff,
    suggest,
    suggest_ranked,
    suggestion_at,
)
from cases.matching.table import RankingRow, RankingTable, ranking_table

__all__ = [
    "ABSENT",
    "ANSWERS",
    "KEY",
    "NO",
    "NOT_KNOWN",
    "OF_INTEREST",
    "OPEN",
    "OUT",
    "PRESENT",
    "SECURE",
    "TIE",
    "TIERS",
    "YES",
    "Agreement",
    "AgreementTable",
    "CaseAnswers",
    "Characteristic",
    "ClosenessToIndex",
    "Comparison",
    "CountedCase",
    "Counts",
    "Criteria",
    "Cutoff",
    "Decisive",
    "Profile",
    "ProfileReader",
    "RankedCase",
    "RankingRow",
    "RankingTable",
    "Robustness",
    "Suggestion",
    "TiedGroup",
    "agreement",
    "agreement_table",
    "answers_in_full",
    "closeness",
    "count_case",
    "decisive_answers",
    "decisive_slugs",
    "effective_answer",
    "find_cutoff",
    "order",
    "rank",
    "ranking_table",
    "score_of",
    "standings",
    "suggest",
    "suggest_ranked",
    "suggestion_at",
    "tally_counts",
]
