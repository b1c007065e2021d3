"""Drafts of findings, notes and summaries: saved while they are typed, shown where they are continued."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from cases import drafts
from cases.models import Case
from cases.views.access import person
from cases.views.acting import saved_while_typing
from themes.actions import writing
from themes.forms.revised import RevisedForm
from themes.models import WritingDraft, WritingKind
from themes.views.access import WRITE, load_selected_case


class Drafted(NamedTuple):
    """What a form needs to save itself while it is typed into; `saved_at` is when it was, if it was."""

    url: str
    discard_url: str
    token: str
    revision: int
    fields: QueryDict | None
    saved_at: datetime | None

    def show_in(self, form: RevisedForm) -> None:
        """What was typed and not saved takes the place of what is saved, unchecked."""
        if self.fields is not None:
            form.data, form.is_bound = self.fields, True
            form.take_without_checking()


def drafted(request: HttpRequest, case: Case, kind: str, target: str) -> Drafted:
    """This person's draft of a text, or where it will be kept."""
    draft = _of(request, case, kind, target).first()
    typed = drafts.typed_of(draft)
    address = [case.review.slug, case.public_id, kind, target]
    return Drafted(
        url=reverse("writing_draft", args=address),
        discard_url=reverse("writing_discard", args=address),
        token=typed.token,
        revision=typed.revision,
        fields=typed.fields,
        saved_at=draft.saved_at if draft else None,
    )


def end_draft(request: HttpRequest, case: Case, kind: str, target: str) -> None:
    """What was typed has been saved."""
    drafts.end(_of(request, case, kind, target))


@require_http_methods(["GET", "POST"])
def writing_draft(
    request: HttpRequest, review_slug: str, public_id: str, kind: str, target: str
) -> JsonResponse:
    case = _load(request, review_slug, public_id, kind)
    token, typed = drafts.typed_in(request)
    return saved_while_typing(
        request,
        lambda: writing.keep(
            case=case,
            kind=kind,
            target=target,
            token=token,
            revision=drafts.revision_in(request),
            typed=typed,
            by=person(request),
        ),
    )


@require_POST
def writing_discard(
    request: HttpRequest, review_slug: str, public_id: str, kind: str, target: str
) -> HttpResponse:
    """Throw the draft away, and go back to the form as it is saved."""
    case = _load(request, review_slug, public_id, kind)
    writing.discard(case=case, kind=kind, target=target, by=person(request))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("case", review_slug, public_id)


def _load(request: HttpRequest, review_slug: str, public_id: str, kind: str) -> Case:
    case = load_selected_case(request, review_slug, public_id, WRITE)
    if kind not in WritingKind.values:
        raise Http404("no such kind of text")
    return case


def _of(request: HttpRequest, case: Case, kind: str, target: str) -> QuerySet[WritingDraft]:
    return WritingDraft.objects.filter(
        user=person(request), case=case, kind=kind, target=target, ended_at=None
    )
