"""Every link on a page leads somewhere, for whoever meets it, and to every page some link leads."""

import html
import re
from collections import Counter, deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import resolve

from kscmp_review.accounts.models import User
from tests.journeys import places
from tests.journeys.places import FILES
from tests.test_authorisation import ROLES, ROWS

pytestmark = pytest.mark.django_db

# A form that asks and changes nothing, such as a search, leads somewhere too.
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"|<form\b[^>]*?\bmethod="get" action="([^"]*)"')
# Of pages that are alike, such as the cells of the matrix, two are looked at.
ALIKE = 2
# Asked for by a script, met after a form has been sent, at another stage of the review, or by an address
# that a person types.
NOT_LINKED = {
    "stays_open",  # linked where a review was left open for long
    "submission_draft",
    "submission_change_draft",
    "writing_draft",
    "passage",
    "report_section_draft",
    "learning_draft",
    "report_section_remove",
    "submission_done",
    "submission_new",
    "submission_change",
    "submission_withdraw",
    "submissions_upload",
    "submissions_template",
    "profile_change",
    "profile_add",
    "profile_line",
    "profile_split",
    "selection_confirm",
    "selection_reopen",
    "case_verify",
    "index_case_new",
    "index_case_change",
    "index_case_remove",
    "index_cases_template",
    "index_cases_upload",
    "report_propose",
}
# A district lead's desk shows what the page of a case would: it needs no link there.
ON_THE_DESK = {"north lead": {"case"}, "south lead": {"case"}}


def page_in(answer: HttpResponseBase) -> str:
    """What the answer shows; nothing where it is a file, which holds no link of ours."""
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return bytes(answer.getvalue()).decode() if is_page else ""


def crawl(user: User) -> tuple[set[str], list[str]]:
    """The names of the pages that links lead this person to, and the links that lead nowhere."""
    client = Client()
    client.force_login(user)
    reached: Counter[str] = Counter()
    dead: list[str] = []
    waiting = deque([("/", "the front door")])
    seen = {"/"}
    while waiting:
        address, source = waiting.popleft()
        path, fragment = urldefrag(address)
        name = resolve(urlsplit(path).path).url_name or ""
        reached[name] += 1
        if name in FILES or reached[name] > ALIKE:
            continue
        answer = client.get(path, follow=True)
        page = page_in(answer)
        if answer.status_code != 200:
            dead.append(f"{source} → {address}: {answer.status_code}")
        elif fragment and f'id="{fragment}"' not in page:
            dead.append(f"{source} → {address}: no such place on the page")
        for link, form in LINK.findall(page):
            target = urljoin(path, html.unescape(link or form))
            if target not in seen and target.startswith("/"):
                seen.add(target)
                waiting.append((target, path))
    return set(reached), dead


def test_every_link_of_the_demonstration_review_leads_somewhere() -> None:
    here = places.demonstration()
    faults = []
    for role, user in here.people.items():
        reached, dead = crawl(user)
        faults += [f"{role}: {each}" for each in dead]
        place = ROLES.index(role)
        mine = {row.name for row in ROWS if row.get.split()[place] == "ok"} - NOT_LINKED
        mine -= ON_THE_DESK.get(role, set())
        faults += [f"{role}: no link leads to {name}" for name in sorted(mine - reached)]
    assert faults == []
