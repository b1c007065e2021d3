"""The people at their work, by locust.

    python -m tests.load.run PORT PEOPLE.json SECONDS THINK-FROM THINK-TO PID

PEOPLE.json is what `prepare` printed; PID is the application server's. Prints JSON: the times of each kind of
page, what failed, what was accepted, and the memory of the workers at the start, in the middle, at the end.
"""

import json
import random
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import gevent
from locust import HttpUser, User, between, task
from locust.env import Environment

from tests.beyond.forms import NoForm, filled
from tests.processes import bytes_held, children_of

# In which all of them arrive; at most a third of the run.
RAMP_SECONDS = 120
CASE = re.compile(r'href="(/reviews/[^"/]+/cases/[^"/]+/)"')
TEXT = re.compile(r"#text-(\w+)")
people: dict[str, list[dict[str, Any]]] = {}
accepted: list[dict[str, str]] = []
numbers = iter(range(1, 10**9))


class Somebody(HttpUser):
    """One person at one browser."""

    abstract = True
    role = ""

    def on_start(self) -> None:
        self.who = people[self.role].pop()
        self.home = f"/reviews/{self.who['review']}/"
        self.client.cookies.set("sessionid", self.who["session"])
        self.dice = random.Random(self.who["name"])

    def think(self) -> None:
        """Between two clicks. At the end of the run people go home from here, none amid a click."""
        assert self._taskset_instance
        self._taskset_instance.wait()

    def read(self, path: str, page: str) -> str:
        with self.client.get(path, name=page, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"answers {answer.status_code}")
            return str(answer.text)

    def send(self, path: str, page: str, text: str, typed: dict[str, str]) -> str | None:
        """Fill in the form of a page that was read and send it; where it led, None where it was refused."""
        try:
            action, form = filled(text, typed)
        except NoForm as missing:
            self.environment.events.request.fire(
                request_type="POST", name=page, response_time=0, response_length=0, exception=missing
            )
            return None
        where = urljoin(path, action)
        with self.client.post(where, form, name=page, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != 302:
                answer.failure(f"answers {answer.status_code}")
                return None
            return str(answer.headers["Location"])

    def words(self) -> str:
        return f"{self.who['name']} wrote number {next(numbers)} of this run."


class Lead(Somebody):
    """Drafts a case, checks it, submits it."""

    role = "lead"

    @task
    def submit(self) -> None:
        self.read(f"{self.home}submissions/", "submissions")
        self.think()
        new, number = f"{self.home}submissions/new/", f"7{next(numbers):06}"
        text = self.read(new, "new case")
        self.think()
        date = {"assessment_date_day": "5", "assessment_date_month": "3", "assessment_date_year": "2021"}
        typed = {"liberi_id": number, **date, "presence-housing-issues": "present"}
        check = self.send(new, "save draft", text, typed)
        if check is None:
            return
        text = self.read(check, "check answers")
        self.think()
        if done := self.send(check, "submit case", text, {"token": token_of(text)}):
            accepted.append({"kind": "case", "number": number})
            self.read(done, "confirmation")


class Reviewer(Somebody):
    """Opens cases, writes findings, tags them, looks at the matrix."""

    role = "reviewer"

    @task
    def review(self) -> None:
        case = self.dice.choice(CASE.findall(self.read(f"{self.home}cases/", "cases")))
        self.think()
        self.read(case, "case")
        self.think()
        new, words = f"{case}findings/new/", self.words()
        text = self.read(new, "new finding")
        self.think()
        typed = {"record_kind": "case note", "expectation": "expected", "quality": "strength", "text": words}
        where = self.send(new, "save finding", text, typed)
        if where is None:
            return
        accepted.append({"kind": "finding", "text": words})
        self.read(where, "case")
        self.think()
        tagging = f"{case}texts/{TEXT.findall(where)[0]}/"
        text = self.read(tagging, "tagging")
        self.think()
        if self.send(tagging, "tag", text, {"themes": "agency-checks"}):
            accepted.append({"kind": "tag", "text": words})
        self.read(f"{self.home}matrix/", "matrix")


class Team(Somebody):
    """Ranks and decides."""

    role = "team"

    @task
    def decide(self) -> None:
        self.read(f"{self.home}selection/", "selection")
        self.think()
        case = self.dice.choice(self.who["cases"])
        page, words = f"{self.home}selection/cases/{case}/decide/", self.words()
        text = self.read(page, "decision")
        self.think()
        outcome = self.dice.choice(["selected", "reserve", "not selected"])
        if self.send(page, "decide", text, {"outcome": outcome, "reason": words}):
            accepted.append({"kind": "decision", "case": case, "reason": words})


class BoardReader(Somebody):
    """Reads what is released."""

    role = "reader board-reader"

    @task
    def read_report(self) -> None:
        self.read("/", "home")
        self.think()
        self.read(f"{self.home}report/", "released report")


class ReportReader(Somebody):
    """Of the business team: reads the draft of the report, and what it rests on."""

    role = "reader business-team"

    @task
    def read_report(self) -> None:
        self.read(f"{self.home}report/preview/", "report")
        self.think()
        self.read(f"{self.home}matrix/", "matrix")


KINDS: tuple[type[Somebody], ...] = (Lead, Reviewer, Team, BoardReader, ReportReader)


def token_of(page: str) -> str:
    found = re.search(r'name="token"[^>]* value="([^"]+)"', page)
    return found[1] if found else ""


def memory_of(master: int) -> int:
    """Bytes that the workers hold together."""
    return sum(bytes_held(worker) or 0 for worker in children_of(master))


def main(port: str, file: str, seconds: float, think: tuple[float, float], master: int) -> None:
    for person in json.loads(Path(file).read_text())["people"]:
        people.setdefault(person["role"], []).append(person)
    kinds = [kind for kind in KINDS if people.get(kind.role)]
    number = 0
    for kind in kinds:
        kind.fixed_count, kind.wait_time = len(people[kind.role]), between(*think)
        number += kind.fixed_count
    classes: list[type[User]] = list(kinds)
    environment = Environment(user_classes=classes, host=f"http://127.0.0.1:{port}", stop_timeout=60)
    runner = environment.create_local_runner()
    runner.start(number, spawn_rate=max(1, number / min(RAMP_SECONDS, seconds / 3)))
    memory = []
    for part in (0.4, 0.3, 0.3):
        gevent.sleep(seconds * part)
        memory.append(memory_of(master))
    runner.stop()
    stats = environment.stats
    json.dump(
        {
            "pages": [row_of(each) for each in sorted(stats.entries.values(), key=lambda one: one.name)],
            "total": row_of(stats.total),
            "failed": sorted({f"{each.name}: {each.error}" for each in stats.errors.values()}),
            "accepted": accepted,
            "memory": memory,
        },
        sys.stdout,
    )
    runner.quit()


def row_of(entry: Any) -> dict[str, Any]:
    times = {f"p{share}": entry.get_response_time_percentile(share / 100) for share in (50, 95, 99)}
    return {
        "page": entry.name,
        "requests": entry.num_requests,
        "failures": entry.num_failures,
        **times,
        "longest": entry.max_response_time,
        "a second": entry.total_rps,
    }


if __name__ == "__main__":
    port, file, seconds, least, most, pid = sys.argv[1:]
    main(port, file, float(seconds), (float(least), float(most)), int(pid))
