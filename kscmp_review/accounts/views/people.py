"""An administrator's pages: accounts, invitations, and what was done with either. Nothing of any review."""

from collections.abc import Callable
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kscmp_review.accounts import actions, invitations, password_links
from kscmp_review.accounts.actions import AccountRefused
from kscmp_review.accounts.forms import InviteForm, SearchForm
from kscmp_review.accounts.models import Invitation, User
from kscmp_review.accounts.views.access import administrator
from kscmp_review.audit.models import AuditEvent

A_PAGE = 50
ABOUT_ACCOUNTS = ("account", "client address", "invitation")


class Step(NamedTuple):
    """Something done to an account: what is asked before, the button, what is said after."""

    act: Callable[..., object]
    question: str
    what_happens: str
    button: str
    done: str
    takes_away: bool = False


STEPS = {
    "disable": Step(
        actions.disable,
        "Disable the account of {}?",
        "They are signed out everywhere and cannot sign in. What they did stays under their name.",
        "Disable the account",
        "The account of {} is disabled.",
        takes_away=True,
    ),
    "enable": Step(
        actions.enable,
        "Enable the account of {}?",
        "They can sign in again, with the password and the second factor they had.",
        "Enable the account",
        "The account of {} is in use again.",
    ),
    "reset-second-factor": Step(
        actions.reset_second_factor,
        "Reset the second factor of {}?",
        "Their authenticator app, passkeys and recovery codes are removed, and they are told by e-mail. They "
        "set up a new one when they next sign in with their password. Make sure that it is they who ask.",
        "Reset the second factor",
        "The second factor of {} is reset.",
        takes_away=True,
    ),
    "send-password-link": Step(
        password_links.send,
        "Send {} a link to set a new password?",
        "It goes to the e-mail address of the account, and works once. Until then their password stays.",
        "Send the link",
        "A link is on its way to {}.",
    ),
}


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    administrator(request)
    form = SearchForm(request.GET or None)
    wanted = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = _with_second_factor(User.objects.get_queryset()).order_by("email")
    if wanted:
        found = found.filter(Q(email__icontains=wanted) | Q(name__icontains=wanted))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "search": form, "wanted": wanted, "parts": _parts("accounts_list")}
    return render(request, "account/people/list.html", context)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    asking = administrator(request)
    account = get_object_or_404(_with_second_factor(User.objects.get_queryset()), pk=pk)
    events = AuditEvent.objects.about("account", str(account.pk)).newest_first()[:20]
    context = {"account": account, "events": events, "is_self": account.pk == asking.pk}
    return render(request, "account/people/one.html", context)


@require_http_methods(["GET", "POST"])
def person_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask, then do one of STEPS."""
    asking = administrator(request)
    account = get_object_or_404(User, pk=pk)
    if step not in STEPS:
        raise Http404
    chosen = STEPS[step]
    if request.method == "POST":
        try:
            chosen.act(account=account, by=asking)
        except AccountRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, chosen.done.format(account))
        return redirect("accounts_one", account.pk)
    context = {"account": account, "step": chosen, "question": chosen.question.format(account)}
    return render(request, "account/people/step.html", context)


@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest) -> HttpResponse:
    asking = administrator(request)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = invitations.invite(**form.cleaned_data, by=asking)
        except AccountRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"{made.email} is invited.")
            return redirect("accounts_invitations")
    listed = Invitation.objects.by_administrators().select_related("invited_by").order_by("-pk")
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "parts": _parts("accounts_invitations"),
        "mail_server_configured": settings.MAIL_SERVER_CONFIGURED,
    }
    return render(request, "account/people/invitations.html", context)


@require_POST
def invited_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    asking = administrator(request)
    invitation = get_object_or_404(Invitation.objects.by_administrators(), pk=pk)
    act = {"again": invitations.send_again, "withdraw": invitations.withdraw}.get(step)
    if act is None:
        raise Http404
    try:
        act(invitation=invitation, by=asking)
    except AccountRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        done = "is invited again" if step == "again" else "is no longer invited"
        messages.success(request, f"{invitation.email} {done}.")
    return redirect("accounts_invitations")


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Events of accounts alone: those of a review are its business team's."""
    administrator(request)
    events = AuditEvent.objects.filter(review_id=None, object_type__in=ABOUT_ACCOUNTS).newest_first()
    page = Paginator(events, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "account/people/audit.html", {"page": page, "parts": _parts("accounts_audit")})


def _with_second_factor(accounts: QuerySet[User]) -> QuerySet[User]:
    own = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return accounts.annotate(has_second_factor=Exists(own))


def _parts(current: str) -> list[dict[str, object]]:
    pages = {
        "accounts_list": "Accounts",
        "accounts_invitations": "Invitations",
        "accounts_audit": "What was done",
    }
    return [
        {"label": label, "url": reverse(name), "current": name == current} for name, label in pages.items()
    ]
