"""Who may do what in a review, since when, and who is invited to."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.actions import members as actions
from cases.actions import offers
from cases.forms.members import InviteForm, RoleForm
from cases.models import Membership, Offer
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved


@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The list; POST invites. What it says is the same whether or not the address has an account."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    form = InviteForm(request.POST or None, review=review)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: offers.make(review=review, by=person(request), **form.cleaned_data))
        if made:
            messages.success(request, f"{made.invitation.email} is invited.")
            return redirect("members", review.slug)
    everyone = Membership.objects.filter(review=review).select_related("user", "district")
    context = {
        "form": form,
        "live": everyone.live().order_by("role", "district__order", "user__email"),
        "ended": everyone.exclude(ended_at=None).order_by("-ended_at"),
        "offers": Offer.objects.of(review).pending().select_related("invitation", "district").order_by("-pk"),
        "mail_server_configured": settings.MAIL_SERVER_CONFIGURED,
    }
    return render(request, "cases/members/members.html", context)


@require_http_methods(["GET", "POST"])
def member_change(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    """Another role or district for somebody who is a member."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    changing = get_object_or_404(Membership.objects.live().select_related("user"), pk=pk, review=review)
    initial = {"role": changing.role, "district": changing.district_id}
    form = RoleForm(request.POST or None, review=review, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form, lambda: actions.change(membership=changing, by=person(request), **form.cleaned_data)
        )
        if changed:
            messages.success(request, f"{changed.user} is now {changed.get_role_display().lower()}.")
            return redirect("members", review.slug)
    return render(request, "cases/members/change.html", {"form": form, "changing": changing})


@require_http_methods(["GET", "POST"])
def member_end(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    """Ask, then end a membership."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    ending = get_object_or_404(Membership.objects.select_related("user"), pk=pk, review=review)
    if request.method == "POST":
        return moved(
            request,
            lambda: actions.end(membership=ending, by=person(request)),
            done=f"{ending.user} is no longer a member of the review.",
            back=("members", review.slug),
        )
    return render(request, "cases/members/end.html", {"ending": ending})


@require_POST
def offer_again(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    offer = get_object_or_404(Offer.objects.of(review).select_related("invitation"), pk=pk)
    return moved(
        request,
        lambda: offers.send_again(offer=offer, by=person(request)),
        done=f"{offer.invitation.email} is invited again.",
        back=("members", review.slug),
    )


@require_POST
def offer_withdraw(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    offer = get_object_or_404(Offer.objects.of(review).select_related("invitation"), pk=pk)
    return moved(
        request,
        lambda: offers.withdraw(offer=offer, by=person(request)),
        done=f"{offer.invitation.email} is no longer invited.",
        back=("members", review.slug),
    )


@require_POST
def offer_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """From one's own home page: an offer to another address is, to them, not there."""
    open_offers = Offer.objects.open_to(person(request))
    offer = get_object_or_404(open_offers.select_related("invitation", "review"), pk=pk)
    return moved(
        request,
        lambda: offers.accept(offer=offer, by=person(request)),
        done=f"You are now a member of {offer.review.title}.",
        back=("home",),
    )
