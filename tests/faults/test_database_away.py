"""PostgreSQL stopped under load, a full disk: people are told so, nothing is torn, all is well after."""

import http.client
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from bin.rehearsal import free_port, started, wait_for
from tests.beyond.marks import ON_SQLITE
from tests.postgres import running_server
from tests.programs import SERVICE
from tests.themes import build as of_themes
from themes.models import Finding

ROOT = Path(__file__).parent.parent.parent
# A session that the program must look up, and will not find.
LOOKED_UP = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={'nobody' * 6}"}


def ask(port: int) -> tuple[int, str]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request("GET", "/", headers=LOOKED_UP)
        response = link.getresponse()
        return response.status, response.read().decode()
    finally:
        link.close()


@contextmanager
def load(port: int, people: int) -> Iterator[list[int]]:
    """People who ask without end, and every status they met."""
    met: list[int] = []
    over = threading.Event()

    def person() -> None:
        while not over.is_set():
            met.append(ask(port)[0])

    threads = [threading.Thread(target=person) for _ in range(people)]
    for thread in threads:
        thread.start()
    try:
        yield met
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.mark.long
@pytest.mark.skipif(ON_SQLITE, reason="about PostgreSQL, and run with the tests on it")
def test_postgresql_stopped_under_load_is_told_and_found_again(tmp_path: Path) -> None:
    port = free_port()
    with running_server() as server:
        env = {**os.environ, "DATABASE_URL": server.address, "KSCMP_VAR": str(tmp_path)}
        env |= {"KSCMP_BIND": f"127.0.0.1:{port}", "KSCMP_PLAIN_STATIC": "1", "KSCMP_WORKERS": "2"}
        manage = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(manage, cwd=ROOT, env=env, check=True)
        with (
            (tmp_path / "log").open("wb") as log,
            started([sys.executable, *SERVICE], cwd=ROOT, env=env, log=log),
        ):
            wait_for("the service", lambda: ask(port)[0] == 302)
            with load(port, people=4) as met:
                wait_for("some load", lambda: len(met) > 50)
                server.stop_at_once()
                wait_for("the page that says so", lambda: ask(port)[0] == 503)
                assert "away for a moment" in ask(port)[1]
                server.start_again()
                wait_for("the service again", lambda: ask(port)[0] == 302)
                since = len(met)
                wait_for("some load after", lambda: len(met) > since + 50)
                after = met[since + 4 :]  # whoever was being answered when the database came back
    assert set(met) == {302, 503}
    assert set(after) == {302}


@pytest.mark.skipif(not ON_SQLITE, reason="about the file that SQLite keeps")
@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_pages_are_read_writing_is_refused_and_nothing_is_torn() -> None:
    home = of_themes.house()
    of_themes.theme(home, "Agency checks")
    finding = of_themes.finding(home, "Checks were sent.")
    client = Client(raise_request_exception=False)
    client.force_login(home.reviewer)
    case = home.cases[0]
    codebook = reverse("codebook", args=[home.review.slug])
    change = reverse("finding_change", args=[home.review.slug, case.public_id, finding.public_id])
    typed = {"record_kind": "case note", "expectation": "expected", "quality": "strength", "revision": "1"}
    client.get(codebook)  # the first page of a session notes when it began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no page is free within the file
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            refused = client.post(change, {**typed, "text": "More was found. " * 1_200})
            read = client.get(codebook)
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert (refused.status_code, read.status_code) == (503, 200)
    assert "Agency checks" in read.content.decode()
    kept = Finding.objects.get()
    assert (kept.text, kept.revision, kept.history.count()) == ("Checks were sent.", 1, 1)
    again = client.post(change, {**typed, "text": "More was found. " * 1_200})
    assert again.status_code == 302
    assert Finding.objects.get().revision == 2
