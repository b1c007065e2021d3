"""Searching what reviewers have written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.views.access import person
from themes.actions import viewing
from themes.coding.words import terms
from themes.forms.search import SearchForm
from themes.searching import hits_of, search
from themes.second_readings import cases_hidden_from
from themes.views.access import load_desk


@require_safe
def search_texts(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Findings, notes, summaries, memos and themes in which every word is found."""
    desk = load_desk(request, review_slug)
    form = SearchForm(request.GET)
    form.is_valid()
    query, kind = form.cleaned_data.get("q", ""), form.cleaned_data.get("kind", "")
    found = search(desk.review, query, kind, hidden=cases_hidden_from(person(request), desk.review))
    page = found.get_page(request.GET.get("page"))
    if terms(query):
        viewing.searched(review=desk.review, found=found.count, by=person(request))
    context = {
        "form": form,
        "query": query,
        "asked": bool(terms(query)),
        "hits": hits_of(page, query),
        "page": page,
        "found": found.count,
    }
    return render(request, "themes/search.html", context)
