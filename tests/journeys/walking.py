"""Walking through pages as several people, and keeping what is wrong with them."""

from collections.abc import Iterable

from django.urls import resolve
from playwright.sync_api import Page

from kscmp_review.accounts.models import User
from tests.journeys.conftest import AtBrowser
from tests.journeys.looking import faults_of, faults_of_errors, send_empty


class Walk:
    """Browsers of several people, and the faults of all pages seen."""

    def __init__(self, at_browser: AtBrowser) -> None:
        self.at_browser = at_browser
        self.pages: dict[str, Page] = {}
        self.faults: list[str] = []
        self.seen: set[str] = set()

    def page_of(self, user: User | None) -> Page:
        """Their own page; without a user, one where nobody is signed in."""
        who = user.email if user else ""
        if who not in self.pages:
            self.pages[who] = self.at_browser(user)
        return self.pages[who]

    def see(self, user: User | None, url: str) -> Page:
        """Open an address; where it fails or leads elsewhere, that is a fault too."""
        page = self.page_of(user)
        answer = page.goto(url)
        if answer is None or answer.status >= 400:
            self.note(page, [f"answers {answer and answer.status}"])
        if not page.url.endswith(url):
            self.note(page, [f"{url} leads here"])
        name = resolve(url.partition("?")[0]).url_name or ""
        self.note(page, faults_of(page, colours=name not in self.seen or "?" in url))
        self.seen.add(name)
        return page

    def look(self, page: Page) -> None:
        self.note(page, faults_of(page))

    def look_at_errors(self, page: Page) -> None:
        self.note(page, faults_of_errors(page))

    def note(self, page: Page, faults: Iterable[str]) -> None:
        self.faults += [f"{page.url.partition('/')[2]}: {fault}" for fault in faults]

    def refuse(self, user: User | None, url: str, *, seen: bool = False) -> Page:
        """Send a form empty and see what it says; see it filled first unless another test does."""
        if seen:
            page = self.page_of(user)
            page.goto(url)
        else:
            page = self.see(user, url)
        if send_empty(page):
            self.look_at_errors(page)
        else:
            self.note(page, [f"the empty form of {url} was not refused"])
        return page
