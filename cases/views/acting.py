"""Turning an action's refusal into a form's error, so that what was typed stays on the page."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from cases.errors import Refused

Result = TypeVar("Result")


def attempt(form: forms.BaseForm, act: Callable[[], Result]) -> Result | None:
    """What `act` returns, or None with its refusal on the form; actions here never return None."""
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
