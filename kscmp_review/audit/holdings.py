"""What was done stays: it names a case by a random id that points at nothing by then, and takes no text."""

from kscmp_review.audit.models import AuditEvent, ChainHead
from kscmp_review.privacy.holdings import Holding, PrivacyClass, register

AUDIT = PrivacyClass.AUDIT
EVENT_TEXT = ("action", "actor_email", "object_type", "object_id", "before", "after", "mac")


def register_holdings() -> None:
    register(
        [
            Holding(
                model=AuditEvent,
                privacy=AUDIT,
                words="Events: who did what to which object, and when",
                review="review_id",
                text=dict.fromkeys(EVENT_TEXT, AUDIT),
            ),
            Holding(model=ChainHead, privacy=AUDIT, words="End of the chain", text={"mac": AUDIT}),
        ]
    )
