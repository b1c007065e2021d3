"""How far the primary's log had come at a person's last change, kept by their browser."""

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse

NO_CHANGE: Final = "0/0"
# Beyond every log: nobody's replica has come so far.
NOT_KNOWN: Final = "FFFFFFFF/FFFFFFFF"
SALT: Final = "position of a change"


def of_last_change(request: HttpRequest) -> str:
    """What `stamp` left with the browser, as PostgreSQL writes a position (pg_lsn)."""
    if settings.REPLICA_COOKIE_NAME not in request.COOKIES:
        return NO_CHANGE
    try:
        return str(request.get_signed_cookie(settings.REPLICA_COOKIE_NAME, salt=SALT))
    except BadSignature:
        return NOT_KNOWN


def stamp(response: HttpResponse) -> None:
    """Leave the primary's position with the browser until it is closed."""
    response.set_signed_cookie(
        settings.REPLICA_COOKIE_NAME,
        _of_primary(),
        salt=SALT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _of_primary() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
            return str(cursor.fetchone()[0])
    except Error:  # the change was made all the same
        return NOT_KNOWN
