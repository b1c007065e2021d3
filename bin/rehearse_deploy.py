"""Carry out docs/deploy.md step by step on this machine, in a temporary folder, and say what does not hold.

    .venv/bin/python -m bin.rehearse_deploy

The guide's own commands and the files of docs/deploy/ are used, with folders, ports and the database put in
place of theirs. Needs nginx and git. What only the system's own manager can do is not rehearsed: accounts,
units and timers (the units' command lines are run). Exit status 1 and the step that failed where one does.
"""

import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from bin.rehearsal import (
    HOST,
    Person,
    StepFailed,
    free_port,
    lines_that_are_no_json,
    run,
    started,
    status_of,
    steps,
    wait_for,
    write_certificate,
)
from bin.run_tests import environment
from tests.postgres import server

ROOT = Path(__file__).resolve().parent.parent
SECURE = {"X-Forwarded-Proto": "https"}  # as the proxy says
TOKEN = "rehearsal" * 4  # nosec B105: of a server that lives for a minute
NGINX = """daemon off; pid {run}/nginx.pid; error_log {run}/nginx.log;
events {{}}
http {{ {temporary} include {site}; }}
"""
MOST_TOLD = 4000
PASSWORD = re.compile(r"initial password, shown this once: (\S+)")


class Machine:
    """The folders, ports and databases that stand for those of the guide."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.database = database
        self.app = folder / "srv" / "kscmp_review"
        self.ports = {"80": free_port(), "443": free_port(), "8001": free_port(), "8002": free_port()}
        self.steps = steps((ROOT / "docs" / "deploy.md").read_text())
        self.env = {**environment(), "KSCMP_SOURCE": str(folder / "origin")}
        self.env.pop("KSCMP_VAR")
        for place in ("srv", "var/lib/kscmp_review", "var/lib/kscmp_review_anchor", "run"):
            (folder / place).mkdir(parents=True)
        for place in ("var/backups/kscmp_review", "var/log/nginx", "etc"):
            (folder / place).mkdir(parents=True)

    def here(self, text: str) -> str:
        """The same text with this machine's folders and ports."""
        text = re.sub(r"(?<![\w/])/(srv|var|etc)/", f"{self.folder}/\\1/", text)
        for port, ours in self.ports.items():
            text = re.sub(rf"(?<=listen ){port}\b|(?<=:){port}\b", str(ours), text)
        return text

    def do(self, step: str, **more: str) -> str:
        cwd = self.app if self.app.exists() else self.folder
        print(f"step: {step}", flush=True)
        return run(step, self.here(self.steps[step]), cwd=cwd, env={**self.env, **more})

    def file(self, name: str) -> str:
        return self.here((self.app / "docs" / "deploy" / name).read_text())


def rehearse(folder: Path, database: str) -> None:
    machine = Machine(folder, database)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "origin")], check=True)
    machine.do("install")
    configure(machine)
    team_password = PASSWORD.findall(machine.do("first"))[1]
    certificate = write_certificate(folder / "etc" / "ssl" / "kscmp_review")
    with ExitStack() as stack:
        servers = [stack.enter_context(application_server(machine, port)) for port in ("8001", "8002")]
        stack.enter_context(proxy(machine))
        look(machine, certificate, team_password)
        machine.do("daily")
        upgrade(machine, certificate, servers)
        drill(machine)
    for log in sorted((folder / "run").glob("[0-9]*.log")):
        if wrong := lines_that_are_no_json(log):
            raise StepFailed(f"the log of a server holds lines of another kind: {wrong[:3]}")
        if team_password in log.read_text() or f"team@{HOST}" in log.read_text():
            raise StepFailed("the log of a server names a person")


def configure(machine: Machine) -> None:
    """The environment file, with the secrets filled in and this machine's database."""
    made = dict(line.split("=", 1) for line in machine.do("secrets").splitlines())
    made |= {"DATABASE_URL": machine.database, "KSCMP_METRICS_TOKEN": TOKEN, "KSCMP_WORKERS": "2"}
    lines = [line for line in machine.file("kscmp_review.env").splitlines() if not line.startswith("#")]
    told = dict(line.split("=", 1) for line in lines)
    machine.env |= told | made


@contextmanager
def application_server(machine: Machine, port: str) -> Iterator[Any]:
    """The unit's own command line, from when it says that it is ready."""
    unit = machine.file("kscmp_review@.service")
    command = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)[0].split()
    env = {**machine.env, "KSCMP_BIND": f"127.0.0.1:{machine.ports[port]}"}
    with (
        (machine.folder / "run" / f"{machine.ports[port]}.log").open("wb") as log,
        started(command, cwd=machine.app, env=env, log=log) as running,
    ):
        wait_for(f"the server on {port}", lambda: status_of(machine.ports[port], "/readyz", SECURE) == 200)
        yield running


@contextmanager
def proxy(machine: Machine) -> Iterator[None]:
    run_folder = machine.folder / "run"
    site = run_folder / "site.conf"
    site.write_text(machine.file("nginx.conf"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {run_folder}/{kind};" for kind in kinds)
    main = run_folder / "nginx.conf"
    main.write_text(NGINX.format(run=run_folder, temporary=temporary, site=site))
    command = ["nginx", "-p", str(run_folder), "-c", str(main)]
    run("nginx -t", f"nginx -t -p {run_folder} -c {main}", cwd=machine.folder, env=machine.env)
    with (
        (run_folder / "nginx.out").open("wb") as log,
        started(command, cwd=run_folder, env=machine.env, log=log),
    ):
        wait_for("the proxy", lambda: status_of(machine.ports["80"], "/") == 301)
        yield


def look(machine: Machine, certificate: Path, password: str) -> None:
    """What the guide says of the service once it is up."""
    print("look: the service as a person and a monitor meet it", flush=True)
    person = Person(machine.ports["443"], certificate)
    expect("the front page without signing in", person.ask("/")[0], 302)
    expect("its policy on HTTPS", "max-age=63072000" in person.headers["strict-transport-security"], True)
    for site, packed in (("same-origin", "gzip"), ("cross-site", None)):
        person.ask_for_bytes("/accounts/login/", {"Accept-Encoding": "gzip", "Sec-Fetch-Site": site})
        expect(f"how a page that is asked for {site} is sent", person.headers.get("content-encoding"), packed)
    person.sign_in(f"team@{HOST}", password)
    kept = [line for line in person.set_cookies if line.startswith("__Host-session=") and "Secure" in line]
    expect("cookies of a session kept to this host and to HTTPS", len(kept), 1)
    status, page = person.ask("/")
    expect("a page after signing in", status in (200, 302) and "Enter your password" not in page, True)
    expect("metrics through the proxy", person.ask("/metrics")[0], 404)
    told = {**SECURE, "Authorization": f"Bearer {TOKEN}"}
    expect("metrics on the machine", status_of(machine.ports["8001"], "/metrics", told), 200)
    expect("a name that is not ours", status_of(machine.ports["8001"], "/", {"Host": "other.example"}), 400)


def upgrade(machine: Machine, certificate: Path, servers: list[Any]) -> None:
    """A new release is put in place while people keep asking; none meets an error."""
    identity = ["-c", "user.name=Rehearsal", "-c", f"user.email=rehearsal@{HOST}"]
    commit = ["commit", "--quiet", "--allow-empty", "-m", "The next release"]
    subprocess.run(["git", "-C", str(machine.folder / "origin"), *identity, *commit], check=True)
    before = len(list(machine.folder.glob("var/backups/kscmp_review/*.backup")))
    with asking(machine, certificate) as met:
        machine.do("upgrade")
        for name, running in zip(("8001", "8002"), servers, strict=True):
            asked = len(met)
            running.send_signal(signal.SIGHUP)
            wait_for(
                f"the server on {name} after its reload",
                lambda name=name, asked=asked: (
                    len(met) > asked + 20 and status_of(machine.ports[name], "/readyz", SECURE) == 200
                ),
            )
    expect("answers during the upgrade that are no page", [each for each in met if each != 200], [])
    after = len(list(machine.folder.glob("var/backups/kscmp_review/*.backup")))
    expect("one more backup before the upgrade", after, before + 1)


@contextmanager
def asking(machine: Machine, certificate: Path) -> Iterator[list[int]]:
    """Somebody who asks for a page again and again, and the statuses met."""
    met: list[int] = []
    over = threading.Event()

    def ask() -> None:
        person = Person(machine.ports["443"], certificate)
        while not over.is_set():
            met.append(person.ask("/accounts/login/")[0])

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield met
    finally:
        over.set()
        thread.join()


def drill(machine: Machine) -> None:
    """The newest backup onto an empty database, and the service on it."""
    fresh = new_database(machine.database, "drill")
    machine.do("drill", DATABASE_URL=fresh, KSCMP_AUDIT_ANCHOR=str(machine.folder / "run" / "anchor"))
    machine.ports["8001"] = free_port()
    machine.env["DATABASE_URL"] = fresh
    with application_server(machine, "8001"):
        print("look: the restored service is ready", flush=True)
    rows = "SELECT count(*) FROM accounts_user"
    with psycopg.connect(fresh) as there, psycopg.connect(machine.database) as here:
        expect("accounts after the drill", there.execute(rows).fetchone(), here.execute(rows).fetchone())


def new_database(address: str, name: str) -> str:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address.rsplit("/", 1)[0] + f"/{name}"


def expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise StepFailed(f"{what}: {found!r}, not {wanted!r}")


def main() -> int:
    missing = [program for program in ("git", "nginx") if shutil.which(program) is None]
    if missing:
        print(f"NOT REHEARSED: needs {' and '.join(missing)}", file=sys.stderr)
        return 1
    with TemporaryDirectory(prefix="rehearsal-") as folder, server() as address:
        try:
            rehearse(Path(folder), new_database(address, "kscmp_review"))
        except StepFailed as failed:
            print(f"docs/deploy.md does not hold: {str(failed)[:MOST_TOLD]}", file=sys.stderr)
            return 1
    print("docs/deploy.md holds: every step was carried out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
