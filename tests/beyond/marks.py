import pytest
from django.conf import settings

ON_SQLITE = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
# They bring servers of their own, and are run once: with the tests on PostgreSQL.
on_servers = [
    pytest.mark.long,
    pytest.mark.skipif(ON_SQLITE, reason="about PostgreSQL, and run with the tests on it"),
]
