"""What an invited person meets: the link, then a name and a password, or the account they have."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit as responses
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kscmp_review.accounts import invitations as actions
from kscmp_review.accounts.actions import AccountRefused
from kscmp_review.accounts.forms import NewAccountForm
from kscmp_review.accounts.models import Invitation, User

HELD = "invitation"


@login_not_required
@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """The secret leaves the address at once: what is shown next has none to pass on."""
    invitation = actions.found(token)
    if invitation is None:
        tried = ratelimit.consume(request, app="allauth.account", action="invitation", limit_get=True)
        return gone(request) if tried else responses.respond_429(request)
    request.session[HELD] = invitation.token_digest
    return redirect("account_invitation")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    held = actions.held(request.session.get(HELD, ""))
    if held is None:
        return gone(request)
    if isinstance(request.user, User):
        return for_account(request, held, request.user)
    if User.objects.with_email(held.email).exists():
        return render(request, "account/invitation_sign_in.html", {"invitation": held})
    return for_newcomer(request, held)


def for_newcomer(request: HttpRequest, held: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST or None, email=held.email)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            account = actions.take_up_anew(invitation=held, name=typed["name"], password=typed["password"])
        except AccountRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            del request.session[HELD]
            record_authentication(request, account, method="password")
            signed_in: HttpResponse = perform_login(request, Login(user=account, email=account.email))
            return signed_in
    return render(request, "account/invitation.html", {"form": form, "invitation": held})


def for_account(request: HttpRequest, held: Invitation, account: User) -> HttpResponse:
    """A press of a button, by whoever is signed in to the account it is for."""
    is_theirs = account.email.lower() == held.email
    if request.method == "POST" and is_theirs:
        try:
            actions.take_up(invitation=held, by=account)
        except AccountRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "You have accepted the invitation.")
        del request.session[HELD]
        return redirect("home")
    return render(request, "account/invitation_accept.html", {"is_theirs": is_theirs})


def gone(request: HttpRequest) -> HttpResponse:
    """One answer, whether the link was used, withdrawn, is too old or was never one."""
    return render(request, "account/invitation_gone.html", status=404)
