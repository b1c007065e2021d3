"""Small reviews for the tests: by hand from short strings, or drawn by hypothesis."""

from typing import NamedTuple

from hypothesis import strategies as st

from cases.matching import CaseAnswers, Characteristic, CountedCase, Criteria, Profile, count_case
from tests.cases.matching.brute_force import Asked, Plain

ANSWER_OF = {"+": "present", "-": "absent", "?": "not known"}
TIER_OF = {"K": "key", "i": "of-interest"}


class SmallReview(NamedTuple):
    cases: list[Plain]
    tiers: list[str]
    asked: Asked

    @property
    def profile(self) -> Profile:
        return profile_of(self.tiers)

    @property
    def case_answers(self) -> list[CaseAnswers]:
        return [
            CaseAnswers(
                case.key, case.district, number, dict(zip(self.profile.slugs, case.answers, strict=True))
            )
            for number, case in enumerate(self.cases)
        ]

    @property
    def counted(self) -> list[CountedCase]:
        return [
            CountedCase(case.key, case.sequence, count_case(case, self.profile)) for case in self.case_answers
        ]

    @property
    def criteria(self) -> Criteria:
        return Criteria(*self.asked)


def profile_of(tiers: list[str]) -> Profile:
    return Profile(tuple(Characteristic(f"c{place}", tier) for place, tier in enumerate(tiers)))


def small_review(
    tiers: str, rows: str, *, wanted: int, minimum: int = 0, per_district: int = 0
) -> SmallReview:
    """`tiers` such as "KKi"; `rows` such as "North +?-, South ++-", the cases named A, B, … in that order."""
    cases = []
    for name, row in zip("ABCDEFGHIJKL", rows.split(","), strict=False):
        district, answers = row.split()
        cases.append(Plain(name, district, tuple(ANSWER_OF[sign] for sign in answers)))
    return SmallReview(cases, [TIER_OF[sign] for sign in tiers], Asked(wanted, minimum, per_district))


def _keep_few_not_known(cases: list[Plain], most: int) -> list[Plain]:
    kept, left = [], most
    for case in cases:
        answers = []
        for answer in case.answers:
            left -= answer == "not known"
            answers.append("absent" if answer == "not known" and left < 0 else answer)
        kept.append(case._replace(answers=tuple(answers)))
    return kept


@st.composite
def small_reviews(draw: st.DrawFn, *, most_cases: int = 5, most_not_known: int = 6) -> SmallReview:
    """Few characteristics and many cases for them, so that ties and cut-offs fall everywhere."""
    tiers = draw(st.lists(st.sampled_from(["key", "of-interest"]), min_size=1, max_size=4))
    answers = st.tuples(*[st.sampled_from(["present", "not known", "absent"])] * len(tiers))
    rows = draw(
        st.lists(st.tuples(st.sampled_from(["North", "South", "East"]), answers), max_size=most_cases)
    )
    cases = [Plain(name, *row) for name, row in zip("ABCDEFGHIJKL", rows, strict=False)]
    asked = Asked(
        wanted=draw(st.integers(0, most_cases)),
        minimum=draw(st.integers(0, len(tiers))),
        per_district=draw(st.integers(0, 2)),
    )
    return SmallReview(_keep_few_not_known(cases, most_not_known), tiers, asked)
