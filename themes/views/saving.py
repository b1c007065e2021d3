"""Saving a form that a colleague may have overtaken: both texts are shown, and nothing is written."""

from collections.abc import Callable
from typing import TypeVar

from cases.errors import Refused, Stale
from themes.forms.revised import RevisedForm, Theirs

Result = TypeVar("Result")


def save(form: RevisedForm, act: Callable[[], Result], theirs: Callable[[], Theirs]) -> Result | None:
    """What `act` returns, or None with its refusal on the form; `theirs` reads what was saved first."""
    try:
        return act()
    except Stale as stale:
        form.catch_up(theirs())
        form.add_error(None, str(stale))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None


def status_of(form: RevisedForm) -> int:
    """409 where somebody saved first, else 200."""
    return 409 if form.theirs else 200
