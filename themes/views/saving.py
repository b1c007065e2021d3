"""Saving a form that a colleague may have overtaken: both texts are shown, and nothing is written."""

from collections.abc import Callable
from typing import TypeVar

from cases.errors import Stale
from cases.views.acting import attempt
from themes.forms.revised import RevisedForm, Theirs

Result = TypeVar("Result")


def save(form: RevisedForm, act: Callable[[], Result], theirs: Callable[[], Theirs]) -> Result | None:
    """What `act` returns, or None with its refusal on the form; `theirs` reads what was saved first."""

    def act_or_catch_up() -> Result:
        try:
            return act()
        except Stale:
            form.catch_up(theirs())
            raise

    return attempt(form, act_or_catch_up)


def status_of(form: RevisedForm) -> int:
    """409 where somebody saved first, else 200."""
    return 409 if form.theirs else 200
