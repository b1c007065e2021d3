"""Opening and tagging a text of 200 KB with 2,000 passages and 30 themes, beside Taguette with the same text.

Each side is asked over HTTP on one kept connection, as a browser asks: ours renders the page of the text and
records that it was seen; Taguette gives the text and its passages, which its page then draws. In Chromium
both are timed until the page stops changing.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext, sync_playwright

from tests.bench import taguette
from tests.bench.long_text import PASSAGES, Material, material
from tests.bench.taguette import NotToBeHad, Taguette
from tests.bench.timing import Row, compare
from tests.bench.visiting import Visitor, free_port, wait_until_serving
from tests.chromium import find_chromium, launch_arguments

ENVIRONMENT = Path("var/bench/taguette")
BROWSER_TURNS = 2
MINUTES = 5 * 60_000
# Gives the milliseconds from the page's beginning until the last change before two quiet seconds.
UNTIL_QUIET = """() => new Promise((done) => {
  let last = performance.now();
  new MutationObserver(() => { last = performance.now(); })
    .observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
  const timer = setInterval(() => {
    const waited = performance.now() - last;
    if (document.readyState === "complete" && waited > 2000) { clearInterval(timer); done(last); }
  }, 100);
})"""


class Ours:
    """Our server with the text as a finding of one case."""

    def __init__(self, port: int, told: dict[str, Any], made: Material) -> None:
        self.port, self.told, self.text = port, told, made.text
        self.visitor = Visitor(port, dict([told["session"]]))
        self.review = f"/reviews/{told['review']}"
        self.tag_url = f"{self.review}/cases/{told['case']}/texts/{told['text']}/"
        self.page = f"{self.tag_url}read/"
        token = re.search(rb'"X-CSRFToken": "(\w+)"', self.visitor.get(self.page))
        assert token
        self.headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": token[1].decode(),
            "HX-Request": "true",
            "HX-Target": f"said-{told['text']}",
        }

    def open(self) -> bytes:
        return self.visitor.get(self.page)

    def add(self, start: int, end: int, theme: int) -> None:
        """What the page sends when words are selected and a theme is chosen."""
        words = self.text[start:end]
        sent = {"start": start, "end": end, "words": words, "theme": self.told["themes"][theme]}
        self.visitor.post(self.tag_url, urlencode(sent).encode(), self.headers)

    def export(self, ending: str) -> bytes:
        return self.visitor.get(f"{self.review}/themes/exchange/{ending}/")


@contextmanager
def serving(folder: Path, made: Material) -> Iterator[Ours]:
    """Our server of this machine alone, its database new in `folder`."""
    port = free_port()
    foreign = ("KSCMP_", "DATABASE_URL")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environ |= {"KSCMP_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "kscmp_review.settings"}
    command = [sys.executable, "-m", "tests.bench.workbench", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            wait_until_serving(port, server)
            yield Ours(port, json.loads(line), made)
        finally:
            server.terminate()


def rows() -> Iterator[Row]:
    try:
        program = taguette.environment(ENVIRONMENT)
    except NotToBeHad as why:
        print(f"tagging: not measured, Taguette could not be installed: {why}", flush=True)
        return
    made = material()
    with TemporaryDirectory() as folder:
        ours_folder, theirs_folder = Path(folder, "ours"), Path(folder, "theirs")
        theirs_folder.mkdir()
        with serving(ours_folder, made) as ours, taguette.serving(theirs_folder, program, made) as theirs:
            check_same(ours, theirs, made)
            yield compare("open 200 KB, 2,000 passages", nothing(ours.open), nothing(theirs.open), goal=0.12)
            yield from exports(ours, theirs)
            mine, their = fresh_places(made, ours.add), fresh_places(made, theirs.add, in_html=True)
            yield compare("add a passage to them", mine, their, goal=0.2)
            yield from in_chromium(ours, theirs)


def check_same(ours: Ours, theirs: Taguette, made: Material) -> None:
    """Both show every passage before anything is timed."""
    page, (passages, _) = ours.open(), theirs.open()
    if not page.count(b" data-passage") == passages == len(made.passages) == PASSAGES:
        raise ValueError("the two sides do not show the same passages")


def exports(ours: Ours, theirs: Taguette) -> Iterator[Row]:
    for ending, goal in (("csv", None), ("xlsx", 0.2), ("docx", 0.05)):
        name = f"export 2,000 passages as {ending.upper()}"
        if ending == "docx" and shutil.which("ebook-convert") is None:
            print(f"{name}: not measured, Taguette needs Calibre's ebook-convert for it", flush=True)
            continue
        mine, their = (nothing(partial(side.export, ending)) for side in (ours, theirs))
        yield compare(name, mine, their, goal=goal)


def fresh_places(
    made: Material, add: Callable[[int, int, int], None], *, in_html: bool = False
) -> Callable[[], None]:
    """Adds a passage at a new place at every call: whole words of the paragraphs one after the other."""
    numbers = count()

    def next_one() -> None:
        number = next(numbers)
        at = number % len(made.paragraphs)
        before = sum(len(each) for each in made.paragraphs[:at]) + (0 if in_html else at)
        words = made.paragraphs[at].split(" ")
        first = number // len(made.paragraphs)
        start = before + len(" ".join(words[:first])) + (first > 0)
        add(start, start + len(" ".join(words[first : first + 30])), number % 30)

    return next_one


def in_chromium(ours: Ours, theirs: Taguette) -> Iterator[Row]:
    chromium = find_chromium()
    name = "open them in Chromium until nothing changes"
    if chromium is None:
        print(f"{name}: not measured, no Chromium", flush=True)
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=launch_arguments())
        mine: list[float] = []
        their: list[float] = []
        for _ in range(BROWSER_TURNS):
            for taken, side in ((mine, ours), (their, theirs)):
                context = browser.new_context(base_url=f"http://127.0.0.1:{side.port}")
                for crumb, value in side.visitor.cookies.items():
                    context.add_cookies(
                        [{"name": crumb, "value": value, "url": f"http://127.0.0.1:{side.port}"}]
                    )
                taken.append(seconds_until_quiet(context, side.page))
                context.close()
        browser.close()
    yield Row(name, median(mine), median(their), 0.01)


def seconds_until_quiet(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    page.set_default_timeout(MINUTES)
    page.goto(address, wait_until="commit")
    return float(page.evaluate(UNTIL_QUIET)) / 1000


def nothing(action: Callable[[], object]) -> Callable[[], None]:
    """The action without its result: the two sides answer in their own words."""

    def done() -> None:
        action()

    return done
