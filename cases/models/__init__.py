"""The tables of the review, its profile, cases, selection and members."""

from cases.models.case import Answer, Case, Presence, Question
from cases.models.case_version import CaseVersion
from cases.models.draft import Draft, TypedForm
from cases.models.index_case import IndexAnswer, IndexCase
from cases.models.legal_hold import LegalHold
from cases.models.membership import Membership, Role
from cases.models.message import Message, MessageKind, MessageState
from cases.models.offer import Offer
from cases.models.profile import Carried, Characteristic, ProfileLine, ProfileVersion, Tier
from cases.models.reveal import Reveal
from cases.models.review import District, Review, Slot, Stage, StageChange
from cases.models.selection import Decision, Outcome, Selection
from cases.models.staying_open import StayingOpen
from cases.models.tally import Tally

__all__ = [
    "Answer",
    "Carried",
    "Case",
    "CaseVersion",
    "Characteristic",
    "Decision",
    "District",
    "Draft",
    "IndexAnswer",
    "IndexCase",
    "LegalHold",
    "Membership",
    "Message",
    "MessageKind",
    "MessageState",
    "Offer",
    "Outcome",
    "Presence",
    "ProfileLine",
    "ProfileVersion",
    "Question",
    "Reveal",
    "Review",
    "Role",
    "Selection",
    "Slot",
    "Stage",
    "StageChange",
    "StayingOpen",
    "Tally",
    "Tier",
    "TypedForm",
]
