"""Drafts of findings, notes, summaries and memos: saved while typed, shown where they are continued."""

from contextlib import suppress
from datetime import datetime
from typing import NamedTuple, Self

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from cases import drafts
from cases.errors import Refused
from cases.models import Case, TypedForm
from cases.views.access import person
from cases.views.acting import saved_while_typing
from kscmp_review.accounts.models import User
from themes.actions import writing
from themes.coding.passages import normalised
from themes.forms.revised import RevisedForm
from themes.models import Passage, WritingDraft, WritingKind
from themes.second_readings import reading_hidden_from
from themes.views.access import WRITE, load_selected_case


class Drafted(NamedTuple):
    """What a form needs to save itself while it is typed into; `saved_at` is when it was, if it was."""

    url: str
    discard_url: str
    token: str
    revision: int
    fields: QueryDict | None
    saved_at: datetime | None

    @classmethod
    def of(cls, draft: TypedForm | None, url: str, discard_url: str, *, token: str = "") -> Self:
        typed = drafts.typed_of(draft, token=token)
        saved_at = typed.draft.saved_at if typed.draft else None
        return cls(url, discard_url, typed.token, typed.revision, typed.fields, saved_at)

    def show_in(self, form: RevisedForm) -> None:
        """What was typed and not saved takes the place of what is saved, unchecked."""
        if self.fields is not None:
            form.data, form.is_bound = self.fields, True
            form.take_without_checking()


class TypedMemo(NamedTuple):
    """A memo that was typed and not saved; `is_behind` where a colleague has saved another since."""

    draft: Drafted
    words: str
    is_behind: bool


def drafted(request: HttpRequest, case: Case, kind: str, target: str) -> Drafted:
    """This person's draft of a text, or where it will be kept."""
    draft = _of(request, case, kind, target).first()
    return _drafted(draft, case, kind, target, token=drafts.token_in(request))


def memos_typed(request: HttpRequest, case: Case) -> "SimpleLazyObject[dict[int, TypedMemo]]":
    """Passage's number → what this person has typed into its memo and not saved; read once a page asks."""
    return SimpleLazyObject(lambda: _memos_of(person(request), case))


def _memos_of(user: User, case: Case) -> dict[int, TypedMemo]:
    kept = WritingDraft.objects.filter(user=user, case=case, kind=WritingKind.MEMO, ended_at=None)
    found = {int(each.target): _drafted(each, case, each.kind, each.target) for each in kept}
    # A passage that has gone takes its memo along, and what was typed into it.
    memos = Passage.objects.filter(case=case, pk__in=list(found)).values_list("pk", "memo") if found else []
    return {
        pk: TypedMemo(draft, draft.fields.get("memo", ""), normalised(draft.fields.get("seen", "")) != memo)
        for pk, memo in memos
        if (draft := found[pk]).fields is not None
    }


def _drafted(draft: WritingDraft | None, case: Case, kind: str, target: str, *, token: str = "") -> Drafted:
    address = [case.review.slug, case.public_id, kind, target]
    keep, discard = reverse("writing_draft", args=address), reverse("writing_discard", args=address)
    return Drafted.of(draft, keep, discard, token=token)


def keep_as_draft(request: HttpRequest, case: Case, kind: str, target: str) -> None:
    """What was sent and refused stays as if it had been typed and not sent."""
    token, typed = drafts.typed_in(request)
    with suppress(Refused):
        writing.keep(
            case=case, kind=kind, target=target, token=token, revision=None, typed=typed, by=person(request)
        )


def end_draft(request: HttpRequest, case: Case, kind: str, target: str) -> None:
    """What was typed has been saved; a finding that a colleague had deleted, as a new one."""
    token, own = drafts.token_in(request), {"user": person(request), "case": case, "kind": kind}
    drafts.sent(WritingDraft, token, **own, target=target)
    if token:
        drafts.end(WritingDraft.objects.filter(**own, token=token))


@require_http_methods(["GET", "POST"])
def writing_draft(
    request: HttpRequest, review_slug: str, public_id: str, kind: str, target: str
) -> JsonResponse:
    case = _load(request, review_slug, public_id, kind, target)
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
    case = _load(request, review_slug, public_id, kind, target)
    writing.discard(case=case, kind=kind, target=target, by=person(request))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("case", review_slug, public_id)


def _load(request: HttpRequest, review_slug: str, public_id: str, kind: str, target: str) -> Case:
    case = load_selected_case(request, review_slug, public_id, WRITE)
    if kind not in WritingKind.values:
        raise Http404("no such kind of text")
    if kind == WritingKind.MEMO and not _has_passage(request, case, target):
        raise Http404("no such passage")
    return case


def _has_passage(request: HttpRequest, case: Case, target: str) -> bool:
    """Whether the number is that of a passage of the case; whoever reads it a second time is told of none."""
    if not target.isdecimal() or reading_hidden_from(person(request), case):
        return False
    return Passage.objects.filter(case=case, pk=int(target)).exists()


def _of(request: HttpRequest, case: Case, kind: str, target: str) -> QuerySet[WritingDraft]:
    return WritingDraft.objects.filter(
        user=person(request), case=case, kind=kind, target=target, ended_at=None
    )
