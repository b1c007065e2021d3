"""Doing what a page asks for, and saying why not where an action refuses."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.timezone import localtime

from cases.errors import Refused
from cases.models import TypedForm

Result = TypeVar("Result")

SOMEBODY_ELSE = "Somebody else has signed in at this browser. Copy what you typed before you leave this page."


def attempt(form: forms.BaseForm, act: Callable[[], Result]) -> Result | None:
    """What `act` returns, or None with its refusal on the form, where what was typed stays.

    Actions here never return None.
    """
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def saved_while_typing(request: HttpRequest, keep: Callable[[], TypedForm]) -> JsonResponse:
    """GET gives a page whose person signed in again its new token; POST saves, or 409 where it is behind.

    409 also where the page was drawn for another account (`X-Account`, from the page's body): what one person
    typed must not become a draft of the next who signs in at this browser.
    """
    own = str(request.user.pk)
    if request.headers.get("X-Account", own) != own:
        return JsonResponse({"problem": SOMEBODY_ELSE}, status=409)
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request)})
    try:
        draft = keep()
    except Refused as refusal:
        return JsonResponse({"problem": str(refusal)}, status=409)
    return JsonResponse({"revision": draft.revision, "saved": f"{localtime(draft.saved_at):%H:%M}"})


def moved(
    request: HttpRequest, act: Callable[[], object], done: str, back: tuple[str | int, ...]
) -> HttpResponse:
    """A button's work: do it, say `done` or the refusal, and go to `back` (a URL name and its arguments)."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    name, *arguments = back
    return redirect(str(name), *arguments)
