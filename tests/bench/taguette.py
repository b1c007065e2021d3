"""Taguette, as it comes from PyPI, in an environment of its own, holding the text of the benchmark."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.long_text import THEMES, Material
from tests.bench.visiting import Visitor, free_port

VERSION = "1.5.2"
NOW = "2026-01-01 00:00:00.000000"


class NotToBeHad(RuntimeError):
    """Taguette could not be installed; the message says why."""


def environment(folder: Path) -> Path:
    """Its program, installed below `folder` unless it is there."""
    program = folder / "bin" / "taguette"
    if not program.exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", f"taguette=={VERSION}"]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotToBeHad((done.stderr.strip().splitlines() or ["pip failed"])[-1])
    return program


class Taguette:
    """A running Taguette with one project of one document."""

    def __init__(self, port: int, visitor: Visitor) -> None:
        self.port = port
        self.visitor = visitor
        self.tags: list[int] = []
        self.project = self.document = 0

    @property
    def api(self) -> str:
        return f"/api/project/{self.project}/document/{self.document}"

    def open(self) -> tuple[int, int]:
        """What its page asks for to show the document: (passages, signs of text)."""
        info = json.loads(self.visitor.get(self.api))
        contents = json.loads(self.visitor.get(f"{self.api}/contents"))
        return len(info["highlights"]), len(contents["contents"][0]["contents"])

    def add(self, start: int, end: int, tag: int) -> None:
        sent = json.dumps({"start_offset": start, "end_offset": end, "tags": [self.tags[tag]]}).encode()
        head = {"Content-Type": "application/json", "X-XSRFToken": self.visitor.cookies["_xsrf"]}
        self.visitor.post(f"{self.api}/highlight/new", sent, head)

    def export(self, ending: str) -> bytes:
        return self.visitor.get(f"/project/{self.project}/export/highlights/.{ending}")

    @property
    def page(self) -> str:
        return f"/project/{self.project}/document/{self.document}"


@contextmanager
def serving(folder: Path, program: Path, material: Material) -> Iterator[Taguette]:
    """A Taguette of this machine alone, its database new in `folder`."""
    port, database = free_port(), folder / "taguette.sqlite3"
    command = [str(program), "--no-browser", "--port", str(port), "--database", str(database)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "HOME": str(folder), "PYTHONWARNINGS": "ignore"},
    ) as server:
        try:
            visitor = Visitor(port)
            visitor.get("/?token=" + _token(server))
            taguette = Taguette(port, visitor)
            _fill(taguette, database, material)
            visitor.get(taguette.page)
            yield taguette
        finally:
            server.terminate()


def _token(server: "subprocess.Popen[str]") -> str:
    assert server.stdout is not None  # nosec B101
    for line in server.stdout:
        found = re.search(r"\?token=(\w+)", line)
        if found:
            return found[1]
    raise NotToBeHad("Taguette did not start")


def _fill(taguette: Taguette, database: Path, material: Material) -> None:
    with sqlite3.connect(database) as tables:
        taguette.project = _row(tables, "projects", name="Bench", description="", created=NOW)
        _row(tables, "project_members", project_id=taguette.project, user_login="admin", privileges="ADMIN")
        taguette.document = _row(
            tables,
            "documents",
            name="Text",
            description="",
            filename="text.html",
            created=NOW,
            project_id=taguette.project,
            text_direction="LEFT_TO_RIGHT",
            contents=material.html,
        )
        taguette.tags = [
            _row(tables, "tags", project_id=taguette.project, path=name, description="") for name in THEMES
        ]
        for passage in material.passages:
            highlight = _row(
                tables,
                "highlights",
                document_id=taguette.document,
                start_offset=passage.start_in_html,
                end_offset=passage.end_in_html,
                snippet=material.text[passage.start : passage.end],
            )
            for theme in passage.themes:
                _row(tables, "highlight_tags", highlight_id=highlight, tag_id=taguette.tags[theme])
    tables.close()


def _row(tables: sqlite3.Connection, table: str, **values: Any) -> int:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # nosec B608  # names of ours
    number = tables.execute(statement, list(values.values())).lastrowid
    assert number is not None  # nosec B101
    return number


if __name__ == "__main__":
    print(environment(Path(sys.argv[1])))
