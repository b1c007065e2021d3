"""What this floor holds of a review, by privacy class, and what erasing does to it; children first."""

from django.db.models import Q

from cases import drafts
from cases.erased_selection import erase_cases
from cases.models import (
    Answer,
    Case,
    CaseVersion,
    Characteristic,
    Decision,
    District,
    Draft,
    IndexAnswer,
    IndexCase,
    LegalHold,
    Membership,
    Message,
    Offer,
    ProfileLine,
    ProfileVersion,
    Question,
    Reveal,
    Review,
    Selection,
    Slot,
    StageChange,
    StayingOpen,
    Tally,
)
from kscmp_review.accounts.models import Session
from kscmp_review.privacy.holdings import (
    Holding,
    PrivacyClass,
    blanked,
    deleted,
    elsewhere,
    register,
    sightings,
)

CASE, METHOD, PEOPLE = PrivacyClass.CASE, PrivacyClass.METHOD, PrivacyClass.PEOPLE

CASE_DATA = [
    Holding(
        model=Reveal,
        privacy=CASE,
        words="Liberi IDs shown, and the reasons given",
        review="case__review",
        erase=deleted,
    ),
    Holding(
        model=Question, privacy=CASE, words="Questions to districts", review="case__review", erase=deleted
    ),
    Holding(
        model=Answer,
        privacy=CASE,
        words="Answers and their evidence notes",
        review="case__review",
        erase=deleted,
    ),
    Holding(
        model=CaseVersion,
        privacy=CASE,
        words="Earlier versions of cases, sealed",
        review="case__review",
        erase=deleted,
    ),
    Holding(model=Draft, privacy=CASE, words="Drafts of cases, sealed", review="review", erase=deleted),
    Holding(
        model=Decision, privacy=CASE, words="Decisions and reasons", review="selection__review", erase=deleted
    ),
    Holding(
        model=Case,
        privacy=CASE,
        words="Cases, with the Liberi ID sealed",
        review="review",
        erase=deleted,
    ),
    # After the cases: the database takes each out of it as it goes.
    Holding(model=Tally, privacy=CASE, words="How many cases are alike", review="review", erase=deleted),
    Holding(
        model=IndexAnswer,
        privacy=CASE,
        words="Answers of index cases",
        review="index_case__review",
        erase=deleted,
    ),
    Holding(model=IndexCase, privacy=CASE, words="Index cases", review="review", erase=deleted),
    Holding(
        model=Selection,
        privacy=CASE,
        words="Confirmed selections: the cases as they stood",
        review="review",
        only=Q(confirmed_at__isnull=False),
        erase=erase_cases,
        text={"frozen": CASE, "reopened_because": CASE, "digest": METHOD},
    ),
    Holding(
        model=StageChange,
        privacy=CASE,
        words="Reasons for going back a stage",
        review="review",
        only=~Q(reason=""),
        erase=blanked(reason=""),
        text={"reason": CASE},
    ),
    Holding(model=Message, privacy=PEOPLE, words="E-mails owed or sent", review="review", erase=deleted),
]
KEPT = [
    Holding(
        model=Review,
        privacy=METHOD,
        words="Title, purpose, dates and numbers",
        review="pk",
        text=dict.fromkeys(("slug", "title", "purpose", "lawful_basis"), METHOD),
    ),
    Holding(model=District, privacy=METHOD, words="Districts", review="review", text={"name": METHOD}),
    Holding(model=Slot, privacy=METHOD, words="Places of the districts' quotas", review="district__review"),
    Holding(
        model=Characteristic,
        privacy=METHOD,
        words="Characteristics",
        review="review",
        text={"slug": METHOD},
    ),
    Holding(
        model=ProfileVersion,
        privacy=METHOD,
        words="Versions of the risk profile, and why it was changed",
        review="review",
        text={"reason": METHOD},
    ),
    Holding(
        model=ProfileLine,
        privacy=METHOD,
        words="Lines of the risk profile",
        review="version__review",
        text=dict.fromkeys(("name", "guidance", "problem"), METHOD),
    ),
    Holding(
        model=LegalHold,
        privacy=METHOD,
        words="Legal holds",
        review="review",
        text=dict.fromkeys(("reason", "lifted_because"), METHOD),
    ),
    Holding(
        model=StayingOpen,
        privacy=METHOD,
        words="Why the review stays open",
        review="review",
        text={"reason": METHOD},
    ),
    Holding(
        model=Membership, privacy=PEOPLE, words="Who belonged to the review, and as what", review="review"
    ),
    Holding(model=Offer, privacy=PEOPLE, words="Who was invited to the review, and as what", review="review"),
]
SIGHTINGS = {
    "case.viewed": "opened a case",
    "case.liberi id shown": "was shown a Liberi ID",
    "submissions.viewed": "looked at what districts submitted",
    "ranking.exported": "took the ranking away in a file",
}


def register_holdings() -> None:
    register([*CASE_DATA, *KEPT])
    elsewhere[Session] = drafts.forget_sheets
    sightings.update(SIGHTINGS)
