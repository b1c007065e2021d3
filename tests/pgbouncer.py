"""PgBouncer in transaction mode before a test's PostgreSQL server."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

import psycopg

from bin.rehearsal import free_port, wait_for
from tests.postgres import Running
from tests.programs import find_pgbouncer

CONFIGURATION = """
[databases]
postgres = host={source} user=postgres pool_size={pool}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
admin_users = postgres
max_client_conn = 200
"""


@contextmanager
def pgbouncer_before(server: Running, *, pool: int) -> Iterator[str]:
    """The address of a PgBouncer with so many connections to the server, however many ask it."""
    program = find_pgbouncer()
    assert program is not None
    with TemporaryDirectory(prefix="pgbouncer-") as name:
        folder, port = Path(name), free_port()
        source = unquote(server.address.split("@", 1)[1].split("/", 1)[0])
        file = folder / "pgbouncer.ini"
        file.write_text(CONFIGURATION.format(source=source, pool=pool, port=port))
        folder.chmod(0o755)
        if server.account:
            shutil.chown(folder, server.account)
        address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        with (folder / "log").open("wb") as log:
            running = subprocess.Popen(
                [program, str(file)], stdout=log, stderr=log, user=server.account, env=dict(os.environ)
            )
        try:
            wait_for("PgBouncer", lambda: answers(address))
            yield address
        finally:
            running.terminate()
            running.wait()


def answers(address: str) -> bool:
    try:
        with psycopg.connect(address, autocommit=True) as link:
            return link.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
