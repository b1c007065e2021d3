"""Emptying the database after a test that committed: the one time that audit events may go, and releases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connections


@contextmanager
def guard_lifted_to_flush() -> Iterator[None]:
    """Inside, `flush` lifts what guards rows and puts it back; nothing else does."""
    from kscmp_review.audit.guarding import all_lifted

    plain = flush.Command.handle

    def empty(command: flush.Command, **options: Any) -> str | None:
        with all_lifted(connections[options["database"]]):
            return plain(command, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", empty)
        yield
