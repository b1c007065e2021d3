"""Views of the look: a form in each of its states, the parts of a screen, the pages of refusal."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template import engines

from tests.look.forms import FILLED, LINES_EMPTY, WRONG, Everything, LaidOut, Lines

HERE = Path(__file__).parent
CHARACTERISTICS = [
    "Parental mental health",
    "Parental substance misuse",
    "Maternal use during pregnancy",
    "Cannabis use in the household",
    "Family history of ICS involvement",
    "Deprivation or financial issues",
    "Housing issues",
    "Parental ACEs",
    "Older sibling in care or living elsewhere",
]


def page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    template = engines["django"].from_string((HERE / name).read_text(encoding="utf-8"))
    tabs = [
        "Overview",
        "Submissions",
        "Selection",
        "Codebook",
        "Matrix",
        "Interviews",
        "Report",
        "Members",
        "Audit",
    ]
    context["review_tabs"] = [{"label": tab, "url": "/look/", "current": tab == "Selection"} for tab in tabs]
    context["review_title"] = "Positive practice 2022"
    return HttpResponse(template.render(context, request))


@login_not_required
def everything(request: HttpRequest) -> HttpResponse:
    """`?state=` empty, filled, wrong or missing (everything left out)."""
    state = request.GET.get("state", "empty")
    given: dict[str, Any] = {"filled": FILLED, "wrong": WRONG, "missing": {"token": "abc"}}
    sheet = {} if state == "missing" else {"sheet": SimpleUploadedFile("cases.csv", b"liberi_id\n1\n")}
    if state not in given:
        return page(request, "everything.html", form=Everything(), formset=Lines())
    form = Everything(as_posted(given[state]), sheet)
    formset = Lines(LINES_EMPTY) if state != "filled" else Lines()
    return page(request, "everything.html", form=form, formset=formset)


def as_posted(given: dict[str, Any]) -> Any:
    posted = QueryDict(mutable=True)
    for name, value in given.items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    return posted


@login_not_required
def laid_out(request: HttpRequest) -> HttpResponse:
    return page(request, "laid_out.html", form=LaidOut(request.GET or None))


@login_not_required
def parts(request: HttpRequest) -> HttpResponse:
    messages.success(request, "The selection was reopened.")
    answers = ["present", "absent", "not known"]
    cases = [
        {
            "reference": f"Case {number}",
            "low": 9 - number // 2,
            "high": min(9, 10 - number // 2),
            "standing": ["secure", "open", "out"][number % 3],
            "suggestion": ["yes", "tie", "no"][number % 3],
            "answers": [answers[(number * 5 + column) % 3] for column in range(len(CHARACTERISTICS))],
        }
        for number in range(12)
    ]
    names = ["Setting up", "Open for submissions", "Selecting", "Reviewing", "Reporting", "Closed"]
    states = ["done", "done", "current", "ahead", "ahead", "ahead"]
    return page(
        request,
        "parts.html",
        cases=cases,
        characteristics=CHARACTERISTICS,
        page_obj=Paginator(range(90), 10).get_page(request.GET.get("page", "2")),
        stages=[
            {"label": name, "state": state, "url": "/look/" if state == "done" else ""}
            for name, state in zip(names, states, strict=True)
        ],
        sections=[
            {"label": "Ranking", "url": "/look/", "current": True},
            {"label": "Decisive answers", "url": "/look/", "current": False},
            {"label": "What if", "url": "/look/", "current": False},
        ],
        tasks=[
            {"title": "C&F assessment", "url": "/look/", "status": "complete", "done": True},
            {"title": "Supervision record", "url": "/look/", "status": "in progress", "hint": "1 finding"},
            {"title": "Chronology", "status": "not started"},
        ],
    )


@login_not_required
def confirmed(request: HttpRequest) -> HttpResponse:
    return page(request, "confirmed.html")


@login_not_required
def broken(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", status=status)
