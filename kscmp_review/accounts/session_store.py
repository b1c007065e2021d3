"""Where sessions are kept: in the database, each with the account it belongs to."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from kscmp_review.accounts.models import Session, User
from kscmp_review.lookups import one


class SessionStore(DatabaseStore):
    # Whose session it is, as read with it.
    account: User | None = None

    def _get_session_from_db(self) -> Session | None:
        """The session with its account, in one statement; an old or unknown key is let go, as by Django."""
        holding = Session.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
        session: Session | None = one(holding.select_related("user"))
        if session is None:
            self._session_key = None
        else:
            self.account = session.user
        return session

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)  # nosec B101
        account = data.get(SESSION_KEY)
        session.user_id = int(account) if account else None
        session.started_at = _moment(data.get("started_at"))
        session.seen_at = _moment(data.get("seen_at"))
        session.browser = str(data.get("browser", ""))
        return session


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
