"""Sessions by account, so that a person sees where they are signed in and ends what they do not know."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

from kscmp_review.accounts.models.user import User


class SessionQuerySet(models.QuerySet["Session"]):
    def of(self, user: User) -> "SessionQuerySet":
        """Those that still hold, the one used last first."""
        return self.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at", "-started_at")

    def but(self, session_key: str | None) -> "SessionQuerySet":
        return self.exclude(session_key=session_key)


class SessionManager(BaseSessionManager["Session"]):
    def get_queryset(self) -> SessionQuerySet:
        return SessionQuerySet(self.model, using=self._db)

    def of(self, user: User) -> SessionQuerySet:
        return self.get_queryset().of(user)


class Session(AbstractBaseSession):
    """One browser's session. Without `user` nobody has signed in with it yet.

    The columns repeat what the session itself holds (`session_store`), so that they can be asked for.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    # In a few words, such as "Firefox on Windows": what the browser says of itself is not kept.
    browser = models.CharField(max_length=60, blank=True)

    objects: ClassVar[Any] = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        pass

    def __str__(self) -> str:
        return f"a session of account {self.user_id}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        from kscmp_review.accounts.session_store import SessionStore as OurStore

        return OurStore
