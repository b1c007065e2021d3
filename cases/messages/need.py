"""Whether a message that was not sent at once still has a point."""

from datetime import date

from cases.left_open import left_open
from cases.models import Message, MessageKind, Role, Stage

BEFORE_SELECTION = (Stage.SETTING_UP, Stage.OPEN, Stage.SELECTING)


def is_still_needed(message: Message, today: date) -> bool:
    """For a message read `with_need`: its recipient still has the role, and what it says is still so.

    An account that was disabled, or a membership that has ended, is owed nothing more.
    """
    review = message.review
    if message.kind == MessageKind.COMPLETE:
        return _is_of_team(message) and review.stage in BEFORE_SELECTION
    if message.kind == MessageKind.ERASURE:
        # Placing or lifting a hold, or another term, takes the warning back; a later one is another message.
        warned = review.erasure_warned_on
        return _is_of_team(message) and review.erased_at is None and message.occasion == f"erasure {warned}"
    if message.kind == MessageKind.LEFT_OPEN:
        asked = review.asked_why_open_on
        still = left_open([review]).get(review.pk)
        asks = still is not None and still.is_long(today) and message.occasion == f"left open {asked}"
        return _is_of_team(message) and asks
    if not _leads_district(message):
        return False
    if message.kind == MessageKind.ASKED:
        return message.has_open_question
    if review.stage != Stage.OPEN or has_passed(review.submissions_close_on, today):
        return False
    return message.kind == MessageKind.OPENED or message.submitted < review.cases_per_district


def has_passed(closes: date | None, today: date) -> bool:
    return closes is not None and closes < today


def _is_of_team(message: Message) -> bool:
    return message.recipient_role == Role.BUSINESS_TEAM


def _leads_district(message: Message) -> bool:
    """The role went with this district when the message was written, and must still."""
    leads = message.recipient_role == Role.DISTRICT_LEAD
    return leads and message.recipient_district == message.district_id
