"""Changing the risk profile: steps that make one version, with its effect on the ranking shown first."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases import proposals
from cases.actions import profiles
from cases.actions.profiles import Line, lines_of
from cases.errors import Refused, Stale
from cases.forms.profile import CharacteristicForm, ReasonForm, SplitForm
from cases.models import ProfileLine, Review
from cases.permissions import Permission
from cases.proposals import Proposal
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved


@require_http_methods(["GET", "POST"])
def profile_change(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What is proposed; posted with a reason it shows the effect on the ranking, and there it is saved."""
    review, proposal = load_proposal(request, review_slug)
    reason = ReasonForm(request.POST or None)
    if request.method == "POST" and reason.is_valid():
        change: dict[str, Any] = {
            "review": review,
            "lines": proposal.lines,
            "reason": reason.cleaned_data["reason"],
            "by": person(request),
        }
        if "save" in request.POST:
            try:
                version = profiles.change(**change, seen=_seen(request))
            except Stale as stale:
                reason.add_error(None, str(stale))
                return _effect_page(request, review, proposal, reason, change)
            except Refused as refusal:
                reason.add_error(None, str(refusal))
            else:
                proposals.drop(request, review)
                messages.success(
                    request, f"The risk profile has been changed: this is version {version.number}."
                )
                return redirect("profile", review.slug)
        elif "edit" not in request.POST:
            return _effect_page(request, review, proposal, reason, change)
    return render(request, "cases/profile/change.html", {"form": reason, **_proposed(review, proposal)})


def _effect_page(
    request: HttpRequest, review: Review, proposal: Proposal, reason: ReasonForm, change: dict[str, Any]
) -> HttpResponse:
    """What the change would do to the ranking; where it would be refused, the page to edit it on."""
    context = {"form": reason, **_proposed(review, proposal)}
    effect = attempt(reason, lambda: profiles.rehearse(**change))
    if effect:
        return render(request, "cases/profile/effect.html", {"effect": effect, **context})
    return render(request, "cases/profile/change.html", context)


@require_POST
def profile_step(request: HttpRequest, review_slug: str, slug: str) -> HttpResponse:
    """Move a line up or down, or take it out."""
    review, proposal = load_proposal(request, review_slug)
    steps = {
        "up": lambda made, of: made.moved(of, -1),
        "down": lambda made, of: made.moved(of, 1),
        "remove": lambda made, of: made.without(of),
    }
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        raise Http404("no such step")
    try:
        proposals.keep(request, review, proposals.changed(proposal, slug, step))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("profile_change", review.slug)


@require_POST
def profile_restore(request: HttpRequest, review_slug: str, slug: str) -> HttpResponse:
    """Bring back a characteristic of an earlier version or one just taken out, with its answers."""
    review, proposal = load_proposal(request, review_slug)
    line = _earlier_lines(review, proposal).get(slug)
    if line is None:
        raise Http404("no such characteristic")
    proposals.keep(request, review, proposal.added(line))
    return redirect("profile_change", review.slug)


@require_POST
def profile_start_over(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Drop what is proposed."""
    review, _ = load_proposal(request, review_slug)
    return moved(
        request,
        lambda: proposals.drop(request, review),
        done="The proposal has been dropped. The profile is as it was.",
        back=("profile_change", review.slug),
    )


@require_http_methods(["GET", "POST"])
def profile_add(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, proposal = load_proposal(request, review_slug)
    form = CharacteristicForm(request.POST or None, others=_names(proposal))
    if request.method == "POST" and form.is_valid():
        slug = proposals.free_slug(form.cleaned_data["name"], _taken(review, proposal))
        line = form.of(Line(slug=slug, name="", tier=""))
        proposals.keep(request, review, proposal.added(line))
        return redirect("profile_change", review.slug)
    return render(request, "cases/profile/line.html", {"form": form})


@require_http_methods(["GET", "POST"])
def profile_line(request: HttpRequest, review_slug: str, slug: str) -> HttpResponse:
    """Reword one line, move it to the other tier, say which problem it speaks of."""
    review, proposal = load_proposal(request, review_slug)
    line = _line(proposal, slug)
    initial = {name: getattr(line, name) for name in ("name", "tier", "guidance", "problem")}
    form = CharacteristicForm(request.POST or None, initial=initial, others=_names(proposal, slug))
    if request.method == "POST" and form.is_valid():
        proposals.keep(request, review, proposal.put(slug, [form.of(line)]))
        return redirect("profile_change", review.slug)
    return render(request, "cases/profile/line.html", {"form": form, "line": line})


@require_http_methods(["GET", "POST"])
def profile_split(request: HttpRequest, review_slug: str, slug: str) -> HttpResponse:
    """Two characteristics in place of one."""
    review, proposal = load_proposal(request, review_slug)
    whole = _line(proposal, slug)
    form = SplitForm(request.POST or None, whole=whole, others=_names(proposal, slug))
    if request.method == "POST" and form.is_valid():
        first, second = form.parts()
        known = set(review.characteristics.values_list("slug", flat=True))
        taken = {line.slug for line in proposal.lines}
        made = proposals.split(whole, first, second, form.carried, known=known, taken=taken)
        proposals.keep(request, review, proposal.put(slug, made))
        return redirect("profile_change", review.slug)
    return render(request, "cases/profile/split.html", {"form": form, "whole": whole})


def _seen(request: HttpRequest) -> int | None:
    """The version that was current when the effect was shown."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() else None


def load_proposal(request: HttpRequest, review_slug: str) -> tuple[Review, Proposal]:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    return review, proposals.proposal_of(request, review, review.current_profile)


def _proposed(review: Review, proposal: Proposal) -> dict[str, Any]:
    current = review.current_profile
    now = lines_of(current)
    return {
        "proposal": proposal,
        "current": current.number,
        "lines": [
            (line, place == 0, place == len(proposal.lines) - 1) for place, line in enumerate(proposal.lines)
        ],
        "steps": proposals.steps(proposal, now),
        "earlier": list(_earlier_lines(review, proposal).values()),
        "moved_on": current.number if proposal.base != current.number else None,
    }


def _earlier_lines(review: Review, proposal: Proposal) -> dict[str, Line]:
    """Characteristics of any version that are not proposed, as the newest that had them worded them."""
    found: dict[str, Line] = {}
    lines = ProfileLine.objects.filter(version__review=review).select_related("characteristic")
    for line in lines.order_by("version__number", "order"):
        found[line.slug] = Line(
            slug=line.slug, name=line.name, tier=line.tier, guidance=line.guidance, problem=line.problem
        )
    return {slug: line for slug, line in found.items() if proposal.line(slug) is None}


def _line(proposal: Proposal, slug: str) -> Line:
    line = proposal.line(slug)
    if line is None:
        raise Http404("no such characteristic in the proposal")
    return line


def _names(proposal: Proposal, own: str = "") -> list[str]:
    return [line.name for line in proposal.lines if line.slug != own]


def _taken(review: Review, proposal: Proposal) -> set[str]:
    return {*review.characteristics.values_list("slug", flat=True), *(line.slug for line in proposal.lines)}
