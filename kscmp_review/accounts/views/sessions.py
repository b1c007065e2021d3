"""Where I am signed in, and signing out there."""

from functools import wraps

from allauth.account import views
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kscmp_review.accounts import sessions as actions
from kscmp_review.accounts.models import Session
from kscmp_review.accounts.views.access import person


@wraps(views.logout)
def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's; the browser then forgets what it may have kept of the pages."""
    response: HttpResponse = views.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The list; POST signs out everywhere else."""
    user = person(request)
    if request.method == "POST":
        ended = actions.sign_out_elsewhere(request=request, by=user)
        messages.success(request, f"Signed out of {ended} other session{'' if ended == 1 else 's'}.")
        return redirect("account_sessions")
    own = Session.objects.of(user)
    here = request.session.session_key
    context = {"sessions": own, "here": here, "elsewhere": any(each.pk != here for each in own)}
    return render(request, "account/sessions.html", context)
