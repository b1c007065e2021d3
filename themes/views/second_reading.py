"""Second readings: which cases are read twice, and the two readers of one compared."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.models import Case
from cases.views.access import person
from cases.views.acting import attempt, moved
from themes.actions import second_reading as actions
from themes.forms.second_reading import BeginForm, ReplaceForm
from themes.models import SecondReading
from themes.second_readings import comparison_of
from themes.views.access import READ, WRITE, load_desk, load_selected_case, may_write_about


@require_http_methods(["GET", "POST"])
def second_readings(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The cases that are read twice; a reviewer has another read twice here."""
    desk = load_desk(request, review_slug, WRITE if request.method == "POST" else READ)
    readings = SecondReading.objects.of(desk.review).select_related("case", "first_reader", "second_reader")
    form = BeginForm(request.POST or None, review=desk.review)
    if request.method == "POST" and form.is_valid():
        case, first, second = (form.cleaned_data[name] for name in ("case", "first", "second"))
        begun = attempt(
            form,
            lambda: actions.begin(case=case, first=first, second=second, by=person(request)),
        )
        if begun:
            messages.success(request, f"Case {case.letter} is now read a second time.")
            return redirect("second_reading", review_slug, case.public_id)
    rows = sorted(readings, key=lambda each: (len(each.case.letter), each.case.letter))
    context = {"readings": rows, "form": form, "may_write": desk.may_write}
    return render(request, "themes/second_reading/list.html", context)


@require_safe
def second_reading(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Where the two readers stand; once both have finished, where they differ and how far they agree."""
    case = load_selected_case(request, review_slug, public_id, READ)
    desk = load_desk(request, review_slug)
    reading = load_reading(case)
    me = person(request).pk
    context: dict[str, Any] = {
        "case": case,
        "reading": reading,
        "may_write": may_write_about(desk.membership, case),
        "may_finish": (me == reading.first_reader_id and not reading.first_done_at)
        or (me == reading.second_reader_id and not reading.second_done_at),
        "may_go_on": (me == reading.first_reader_id and reading.first_done_at)
        or (me == reading.second_reader_id and reading.second_done_at),
        "replace": ReplaceForm(review=desk.review),
        "comparison": comparison_of(reading) if reading.compared_at else None,
    }
    return render(request, "themes/second_reading/reading.html", context)


@require_POST
def second_reading_step(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Finish, go on, call off, or put another reader in place."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    reading = load_reading(case)
    step = request.POST.get("step", "")
    by = person(request)
    steps = {
        "finish": (lambda: actions.finish(reading=reading, by=by), "You have finished with this case."),
        "go on": (lambda: actions.go_on(reading=reading, by=by), "You can go on tagging."),
        "cancel": (lambda: actions.cancel(reading=reading, by=by), "The second reading has been called off."),
    }
    if step == "replace":
        return _replace(request, case, reading)
    if step not in steps:
        raise Http404("no such step")
    act, done = steps[step]
    if step == "cancel":
        return moved(request, act, done=done, back=("second_readings", review_slug))
    return moved(request, act, done=done, back=("second_reading", review_slug, public_id))


@require_POST
def second_reading_settle(request: HttpRequest, review_slug: str, public_id: str, place: int) -> HttpResponse:
    """Keep a theme that one reader alone gave, or leave it out."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    reading = load_reading(case)
    keep = request.POST.get("keep") == "yes"
    return moved(
        request,
        lambda: actions.settle(reading=reading, place=place, keep=keep, by=person(request)),
        done="The theme is kept." if keep else "The theme is left out.",
        back=("second_reading", review_slug, public_id),
    )


def load_reading(case: Case) -> SecondReading:
    reading: SecondReading = get_object_or_404(
        SecondReading.objects.select_related("case__review", "first_reader", "second_reader"),
        case=case,
        cancelled_at=None,
    )
    return reading


def _replace(request: HttpRequest, case: Case, reading: SecondReading) -> HttpResponse:
    form = ReplaceForm(request.POST, review=case.review)
    if not form.is_valid():
        messages.warning(request, "Choose whose place is taken, and by whom.")
        return redirect("second_reading", case.review.slug, case.public_id)
    return moved(
        request,
        lambda: actions.replace(
            reading=reading,
            which=form.cleaned_data["which"],
            reader=form.cleaned_data["reader"],
            by=person(request),
        ),
        done="The reader has been replaced. What was tagged so far stays.",
        back=("second_reading", case.review.slug, case.public_id),
    )
