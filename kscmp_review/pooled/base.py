"""Django's PostgreSQL backend, keeping nothing of a connection from one transaction to the next."""

from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def chunked_cursor(self) -> Any:
        """A cursor of the server's inside a transaction alone.

        Outside one it would have to outlive its transaction, and the next rows would be asked of another
        connection, which does not know it. DISABLE_SERVER_SIDE_CURSORS would also end it inside, where
        long exports and backups need it to keep memory flat.
        """
        return super().chunked_cursor() if self.in_atomic_block else self.cursor()
