"""Where the rooms above hang what the pages here show of them: tabs, coverage, and what waits for a person.

The floor below imports nothing of the floor above; each app above adds its own when it is made ready.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cases.models import Membership, Review
from cases.permissions import Permission


class Tab(NamedTuple):
    """A page of a review, shown to whoever holds one of `permissions` (empty: every member)."""

    order: int
    label: str
    url_name: str
    permissions: tuple[Permission, ...] = ()


class Panel(NamedTuple):
    """A line of the overview: a heading, the state in words, and where it is done."""

    order: int
    heading: str
    state: str
    url: str
    link: str


class Step(NamedTuple):
    """What is to be done about a review at its stage: a button of the overview."""

    label: str
    url: str


class Waiting(NamedTuple):
    """What waits for one person in one review, and the one button to it."""

    state: str
    url: str
    button: str


tabs: list[Tab] = []
panels: list[Callable[[Review], list[Panel]]] = []
steps: list[Callable[[Review], list[Step]]] = []
# Each is asked of all a person's memberships at once, so that the home page's queries do not grow with them;
# it answers by membership id. Of several answers for one membership the first registered is shown.
waiting: list[Callable[[Sequence[Membership]], dict[int, Waiting]]] = []
