"""See the package. Exit status 1 where something was lost or failed, or (with --write) a goal was missed."""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.beyond.service import ROOT, House, demonstration, serving
from tests.load.document import goals_of, page_of
from tests.postgres import running_server

WORKERS = 2


def main(arguments: list[str]) -> int:
    asked = options(arguments)
    with TemporaryDirectory(prefix="load-") as name, running_server() as server:
        folder = Path(name)
        house = demonstration(folder, server.address)
        people = folder / "people.json"
        print(f"preparing {asked.people} people", flush=True)
        people.write_text(module(house, "tests.load.prepare", str(asked.people)))
        with serving(house.env, folder, workers=WORKERS) as served:
            print(f"{asked.people} people for {asked.minutes:g} minutes", flush=True)
            told = module(
                house, "tests.load.run", str(served.port), str(people), str(asked.minutes * 60),
                *map(str, asked.think), str(served.process.pid),
            )  # fmt: skip
            unlogged = served.logged('"level": "error"')
        found = json.loads(told)
        (folder / "accepted.json").write_text(json.dumps(found["accepted"]))
        lost = module(house, "tests.load.kept", str(folder / "accepted.json")).split("\n")
    found |= {"lost": [line for line in lost if line], "errors": unlogged, "asked": vars(asked)}
    return tell(found, asked.write)


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--think", type=float, nargs=2, default=(20, 40), help="seconds from, to")
    parser.add_argument("--write", action="store_true", help="write docs/bench/load.md")
    return parser.parse_args(arguments)


def module(house: House, *words: str) -> str:
    command = [sys.executable, "-m", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(house.env), stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def tell(found: dict[str, Any], write: bool) -> int:
    print(page_of(found))
    print("lines of errors in the log:", found["errors"])
    print("accepted:", dict(Counter(each["kind"] for each in found["accepted"])))
    print(*found["failed"], *found["lost"], sep="\n")
    if write:
        (ROOT / "docs" / "bench" / "load.md").write_text(page_of(found))
    goals = goals_of(found)
    missed = [goal for goal, reached in goals.items() if not reached]
    return int(bool(missed)) if write else int(bool(found["failed"] or found["lost"] or found["errors"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
