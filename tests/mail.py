"""A real mail server on a free port of this machine, which keeps what it is given."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

HOST = "127.0.0.1"


class Mailbox:
    """What has arrived; `refused` are the addresses that the server takes nothing for."""

    def __init__(self, *refused: str) -> None:
        self.arrived: list[tuple[str, EmailMessage]] = []
        self.refused = set(refused)

    @property
    def recipients(self) -> list[str]:
        return sorted(recipient for recipient, _ in self.arrived)

    def only(self) -> EmailMessage:
        """The one message that has arrived."""
        ((_, message),) = self.arrived
        return message

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        message: Any = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.arrived += [(recipient, message) for recipient in envelope.rcpt_tos]
        return "250 taken"


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


@contextmanager
def configured(port: int) -> Iterator[None]:
    """The service told that its mail server is at this port, whether or not one is."""
    with override_settings(
        MAIL_SERVER_CONFIGURED=True,
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST=HOST,
        EMAIL_PORT=port,
        EMAIL_USE_TLS=False,
        BASE_URL="https://review.example",
    ):
        yield


@contextmanager
def server(port: int, mailbox: Mailbox) -> Iterator[Mailbox]:
    """A mail server at this port, for as long as the block lasts."""
    controller = Controller(mailbox, hostname=HOST, port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
