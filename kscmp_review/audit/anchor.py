"""The anchor: how long the chain was and its newest code, kept where who writes to the database cannot write.

A file of lines `events code`, only ever added to. Its last line is what the chain is held against: it vouches
for all before it, and a restore of an older backup, which does shorten the chain, adds a line of its own. The
same line can be sent to a mailbox that others keep.
"""

import os
import re
import smtplib
from pathlib import Path

from django.core.mail import send_mail

from kscmp_review.audit.chain import ChainState

_LINE = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64})")


class UnreadableAnchor(ValueError):
    """The file cannot be read, or its last line is no anchor; the message says which."""


class UnsentAnchor(UnreadableAnchor):
    """The line could not be sent."""


def read(path: Path) -> ChainState | None:
    """The newest line; None where nothing was ever written there. Raises UnreadableAnchor."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UnreadableAnchor(f"the anchor {path} cannot be read") from error
    if not lines:
        return None
    line = _LINE.fullmatch(lines[-1])
    if line is None:
        raise UnreadableAnchor(f"the last line of the anchor {path} is not one that this program writes")
    return ChainState(int(line[1]), line[2])


def write(path: Path, state: ChainState) -> None:
    """Add a line, unless it is the newest already. Raises UnreadableAnchor."""
    if read(path) == state:
        return
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, f"{state.events} {state.mac}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise UnreadableAnchor(f"the anchor {path} cannot be written: {error.strerror}") from error


def send(address: str, state: ChainState) -> None:
    """Send the line that `write` adds to the file. Raises UnsentAnchor."""
    line = f"{state.events} {state.mac}"
    try:
        send_mail(f"Audit: {state.events} events", f"{line}\n", None, [address])
    except (OSError, smtplib.SMTPException) as error:
        raise UnsentAnchor("the chain holds, but its anchor could not be sent by e-mail") from error
