"""Whether the replica may answer now: it is there, follows the primary, and has come far enough."""

import logging
import time
from threading import Lock
from typing import Final

from django.conf import settings
from django.db import Error, connections

from kscmp_review.replica.router import REPLICA

logger = logging.getLogger(__name__)
# For so long a replica that was away is not asked again: each attempt may keep somebody waiting.
LEFT_ALONE_SECONDS: Final = 3.0
# One look, at memory of the server alone. A server that has become a primary itself, or that no longer
# receives, would answer for ever with what it had then.
LOOK: Final = (
    "SELECT COALESCE(pg_is_in_recovery() AND EXISTS (SELECT FROM pg_stat_wal_receiver)"
    " AND pg_last_wal_replay_lsn() >= %s::pg_lsn"
    " AND (pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()"
    " OR now() - pg_last_xact_replay_timestamp() < make_interval(secs => %s)), false)"
)


class Health:
    """What this process knows of the replica; its connection is the thread's own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._away = False
        self._ask_again_at = 0.0

    def may_answer(self, position: str) -> bool:
        """Whether it has replayed the primary's log up to `position`, and is nowhere far behind."""
        if self._away and time.monotonic() < self._ask_again_at:
            return False
        try:
            good_enough = _look(position)
        except Error:
            self._is_away(True)
            return False
        self._is_away(False)
        return good_enough

    def _is_away(self, away: bool) -> None:
        """Said once each time that it changes."""
        with self._lock:
            changed, self._away = away != self._away, away
            self._ask_again_at = time.monotonic() + LEFT_ALONE_SECONDS if away else 0.0
        if changed and away:
            logger.error("the replica is away: the primary answers in its place")
        elif changed:
            logger.warning("the replica is back")


health = Health()


def _look(position: str) -> bool:
    link = connections[REPLICA]
    kept = link.connection is not None
    try:
        return _looked(position)
    except Error:
        link.close()
        if not kept:
            raise
        # The server may have been restarted since the connection was made.
        try:
            return _looked(position)
        except Error:
            link.close()
            raise


def _looked(position: str) -> bool:
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(LOOK, [position, settings.REPLICA_SECONDS])
        return bool(cursor.fetchone()[0])
