"""Sending what is owed: each message claimed first, so that two at it at once send it once.

A process that dies between a mail server's "taken" and writing that down leaves a claim behind; the message
is then sent again, under the same Message-ID. Everything else is sent exactly once.
"""

import contextlib
import smtplib
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from cases.messages import wording
from cases.messages.need import is_still_needed
from cases.models import Message, MessageState
from cases.models.message import ABOUT_THE_REVIEW, MessageQuerySet

# A page waits for e-mail no longer than this; what is left is for `send_reminders`.
PAGE_SECONDS = 5.0
# The server took none of it from this sender or to this person; the next message may fare better.
REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError, ValueError)


@dataclass(kw_only=True)
class Delivered:
    """How many messages were sent, failed, and turned out not to be needed any more."""

    sent: int = 0
    failed: int = 0
    not_needed: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, each.name)} {each.name.replace('_', ' ')}" for each in fields(self))


def deliver_soon(*, review_id: int, kind: str, occasion: str) -> None:
    """Try once what an action has just caused, within a page's patience."""
    messages = Message.objects.filter(review=review_id, kind=kind, occasion=occasion)
    deliver(messages, today=timezone.localdate(), seconds=PAGE_SECONDS)


def deliver(messages: MessageQuerySet, *, today: date, seconds: float | None = None) -> Delivered:
    """Send what is still to be sent and still needed; never raises for what a mail server does.

    `seconds` is how long to go on starting new ones. Where no mail server is configured nothing is tried.
    """
    done = Delivered()
    until = None if seconds is None else time.monotonic() + seconds
    needed: list[Message] = []
    needless: list[Message] = []
    for message in messages.claimable(timezone.now()).with_need().order_by("pk"):
        (needed if is_still_needed(message, today) else needless).append(message)
    if needless:
        done.not_needed = _claimable(needless).update(state=MessageState.NOT_NEEDED)
    if needed and settings.MAIL_SERVER_CONFIGURED:
        _send_all(needed, until, done)
    return done


def _send_all(messages: Sequence[Message], until: float | None, done: Delivered) -> None:
    """Over one connection. Where it cannot be made, or breaks, the rest is left for the next time."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, ValueError) as error:
        done.failed += _keep(_claimable(messages), error)
        return
    try:
        for message in messages:
            if until is not None and time.monotonic() > until:
                return
            if _claim(message) and not _send(message, connection, done):
                return
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def _send(message: Message, connection: Any, done: Delivered) -> bool:
    """Send one that has been claimed; returns whether the connection is good for another."""
    own = Message.objects.filter(pk=message.pk)
    try:
        email_for(message, connection).send()
    except REFUSALS as error:
        done.failed += _keep(own, error)
        return True
    except OSError as error:
        done.failed += _keep(own, error)
        return False
    done.sent += own.update(state=MessageState.SENT, sent_at=timezone.now(), last_failure="")
    return True


def email_for(message: Message, connection: Any = None) -> EmailMessage:
    """The e-mail as it goes out: a link to a page of the review and neutral words."""
    review = message.review
    page = "data_protection" if message.kind in ABOUT_THE_REVIEW else "submissions"
    about = wording.About(
        service=settings.SERVICE_NAME,
        review=review.title,
        district=message.district.name if message.district else "",
        link=settings.BASE_URL + reverse(page, args=[review.slug]),
        closes=review.submissions_close_on,
    )
    return EmailMessage(
        subject=wording.subject_of(message.kind, about),
        body=wording.body_of(message.kind, about),
        to=[message.recipient.email],
        # The same at every attempt, so that a mailbox can tell a repeat; and no answer from an absence note.
        headers={
            "Message-ID": f"<message-{message.pk}@{urlsplit(settings.BASE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )


def _claim(message: Message) -> bool:
    """Take the message for this process; no where another has taken it since it was read."""
    now = timezone.now()
    return bool(_claimable([message], now).update(state=MessageState.SENDING, claimed_at=now))


def _claimable(messages: Sequence[Message], now: datetime | None = None) -> MessageQuerySet:
    keys = [message.pk for message in messages]
    claimable: MessageQuerySet = Message.objects.filter(pk__in=keys).claimable(now or timezone.now())
    return claimable


def _keep(messages: MessageQuerySet, error: Exception) -> int:
    """Put it back to wait. The class of the failure is kept, never its text: that may hold an address."""
    return messages.update(
        state=MessageState.WAITING,
        claimed_at=None,
        failures=F("failures") + 1,
        last_failure=type(error).__name__[:60],
    )
