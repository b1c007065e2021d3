"""A button's work: what it did, or why not, said on the page it leads back to."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases.errors import Refused


def moved(
    request: HttpRequest, act: Callable[[], object], done: str, back: tuple[str | int, ...]
) -> HttpResponse:
    """Do it, say `done` or the refusal, and go to the page of `back` (its URL name and arguments)."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    name, *arguments = back
    return redirect(str(name), *arguments)
