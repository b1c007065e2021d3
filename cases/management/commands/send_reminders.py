"""send_reminders: owe the reminders that are due, and send whatever has not been sent."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.messages.delivery import deliver
from cases.messages.outbox import queue_reminders
from cases.models import Message
from kscmp_review.accounts import invitations


class Command(BaseCommand):
    help = (
        "Remind district leads three days before submissions close, and send again what could not be sent. "
        "Run it at least once a day; twice does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        queued = queue_reminders(today=today)
        done = deliver(Message.objects.all(), today=today)
        invited, not_invited = invitations.deliver_unsent()
        waiting = Message.objects.claimable(timezone.now()).count() + not_invited
        self.stdout.write(f"{queued} new reminders, {done}, {invited} invitations sent, {waiting} waiting")
        if waiting:
            raise CommandError(reason_for(waiting))


def reason_for(waiting: int) -> str:
    messages = "1 message has" if waiting == 1 else f"{waiting} messages have"
    if not settings.MAIL_SERVER_CONFIGURED:
        return f"{messages} not been sent: no mail server configured (KSCMP_SMTP_URL)"
    return f"{messages} not been sent; the next run tries again"
