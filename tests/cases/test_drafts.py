"""What is filled in and not sent outlives a session, is seen by nobody else, and is never brought back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import drafts
from cases.actions import drafts as actions
from cases.actions import members, reviews, submissions
from cases.errors import Refused, Stale
from cases.models import Case, Draft, Membership, Review, Stage
from cases.permissions import NotAllowed, NotFound
from kscmp_review.accounts.models import Session, User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in

ID = "0077001234"
NOTE = "Both parents were in treatment."
FORM = {
    "liberi_id": ID,
    "assessment_date_day": "5",
    "presence-parental-mental-health": "present",
    "evidence-parental-mental-health": NOTE,
}


def url(name: str, review: Review, *more: str) -> str:
    return reverse(name, args=[review.slug, *more])


def autosave(client: Client, review: Review, *, revision: int = 0, token: str = "form", **typed: str) -> Any:
    fields = {**FORM, **typed, "draft_token": token, "draft_revision": str(revision)}
    return client.post(url("submission_draft", review), fields)


def opened(client: Client, review: Review) -> Any:
    return client.get(url("submission_new", review)).context["typed"]


def test_typing_is_saved_and_comes_back_in_a_new_session(review: Review, nora: User) -> None:
    answer = autosave(signed_in(nora), review)
    assert answer.json()["revision"] == 1
    Session.objects.all().delete()
    page = signed_in(nora).get(url("submission_new", review)).content.decode()
    assert f'value="{ID}"' in page
    assert NOTE in page
    assert "Saved as a draft on" in page
    # Half a date is no fault yet: nobody has asked for it to be checked.
    assert "error-summary" not in page


def test_a_draft_is_seen_by_nobody_else(review: Review, nora: User, bola: User) -> None:
    autosave(signed_in(nora), review)
    colleague = build.member(review, "nick", "district-lead", by=bola, district="North")
    for other in (bola, colleague):
        for page in ("submission_new", "submissions"):
            shown = signed_in(other).get(url(page, review)).content.decode()
            assert NOTE not in shown
            assert "A case you have started" not in shown


def test_a_draft_is_sealed_at_rest(review: Review, nora: User) -> None:
    autosave(signed_in(nora), review)
    stored = bytes(Draft.objects.get().sealed)
    assert ID.encode() not in stored
    assert b"treatment" not in stored


def test_a_draft_whose_key_is_gone_is_as_good_as_none(review: Review, nora: User, settings: Any) -> None:
    autosave(signed_in(nora), review)
    settings.RECORD_KEYS = {"another": b"k" * 32}
    page = signed_in(nora).get(url("submission_new", review))
    assert page.status_code == 200
    assert NOTE not in page.content.decode()


def test_a_save_that_is_late_does_not_bring_back_what_was_sent(review: Review, nora: User) -> None:
    client = signed_in(nora)
    autosave(client, review)
    build.case(review, "North", "0011", "pppp", by=nora)
    late = autosave(client, review, revision=1)
    assert late.status_code == 409
    assert "submitted or discarded already" in late.json()["problem"]
    kept = Draft.objects.get()
    assert (bytes(kept.sealed), kept.ended_at is None) == (b"", False)
    assert opened(client, review).fields is None


def test_a_save_that_is_late_does_not_bring_back_what_was_discarded(review: Review, nora: User) -> None:
    client = signed_in(nora)
    autosave(client, review)
    client.post(url("submission_discard", review))
    assert autosave(client, review, revision=1).status_code == 409
    again = opened(client, review)
    assert again.fields is None
    assert autosave(client, review, token=again.token, liberi_id="22").json()["revision"] == 1
    fields = opened(client, review).fields
    assert fields is not None
    assert fields["liberi_id"] == "22"


def test_a_tab_left_behind_does_not_save_over_a_newer_one(review: Review, nora: User) -> None:
    client = signed_in(nora)
    autosave(client, review)
    first, second = opened(client, review), opened(client, review)
    assert autosave(client, review, token=first.token, revision=1, liberi_id="33").json()["revision"] == 2
    behind = autosave(client, review, token=second.token, revision=1, liberi_id="44")
    assert behind.status_code == 409
    assert "another tab" in behind.json()["problem"]
    assert opened(client, review).fields["liberi_id"] == "33"


def test_without_a_script_a_button_saves_it_for_later_valid_or_not(review: Review, nora: User) -> None:
    client = signed_in(nora)
    page = client.post(url("submission_new", review), {**FORM, "later": "1"}, follow=True).content.decode()
    assert "Saved as a draft. It has not been submitted yet." in page
    assert "A case you have started" in page
    assert not Case.objects.exists()
    assert opened(client, review).fields["assessment_date_day"] == "5"


def test_a_form_with_faults_is_kept_as_well(review: Review, nora: User) -> None:
    client = signed_in(nora)
    assert "Error" in client.post(url("submission_new", review), FORM).content.decode()
    assert opened(client, review).fields["liberi_id"] == ID


def test_what_is_saved_after_checking_is_checked_again_before_it_is_sent(review: Review, nora: User) -> None:
    client = signed_in(nora)
    whole = {**FORM, "assessment_date_month": "3", "assessment_date_year": "2021"}
    client.post(url("submission_new", review), {**whole, "draft_token": "form"})
    token = client.get(url("submission_check", review)).context["token"]
    autosave(client, review, revision=1, **{**whole, "liberi_id": "99"})
    again = client.post(url("submission_check", review), {"token": token})
    assert not Case.objects.exists()
    assert "99" in again.content.decode()
    client.post(url("submission_check", review), {"token": again.context["token"]})
    assert Case.objects.get().liberi_id == "99"


def test_the_change_of_a_case_has_a_draft_of_its_own(review: Review, nora: User) -> None:
    case = build.case(review, "North", "0011", "pppp", by=nora)
    client = signed_in(nora)
    saved = client.post(
        url("submission_change_draft", review, case.public_id),
        {**FORM, "draft_token": "change", "draft_revision": "0"},
    )
    assert saved.status_code == 200
    assert f"A change of case {case.reference}" in client.get(url("submissions", review)).content.decode()
    assert NOTE in client.get(url("submission_change", review, case.public_id)).content.decode()
    assert opened(client, review).fields is None
    client.post(url("submission_change_discard", review, case.public_id))
    shown = client.get(url("submission_change", review, case.public_id)).content.decode()
    assert 'value="0011"' in shown


def test_it_is_on_the_audit_when_begun_and_when_discarded_and_without_its_words(
    review: Review, nora: User
) -> None:
    client = signed_in(nora)
    for revision in range(3):
        autosave(client, review, revision=revision)
    client.post(url("submission_discard", review))
    events = AuditEvent.objects.filter(object_type="draft").order_by("pk")
    assert [event.action for event in events] == ["draft.begun", "draft.discarded"]
    assert not any(ID in str((event.before, event.after)) for event in events)


def test_only_who_may_submit_keeps_a_draft(review: Review, rita: User, sam: User, olga: User) -> None:
    case = build.case(review, "North", "0011", "pppp", by=review.created_by)
    with pytest.raises(NotAllowed):
        actions.keep(review=review, token="t", revision=0, typed="a=1", by=rita)
    for outsider in (olga, sam):
        with pytest.raises(NotFound):
            actions.keep(review=review, case=case, token="t", revision=0, typed="a=1", by=outsider)
    assert not Draft.objects.exists()


def test_a_form_too_long_to_be_kept_is_refused_in_words(review: Review, nora: User) -> None:
    with pytest.raises(Refused, match="too much"):
        actions.keep(review=review, token="t", revision=0, typed="a" * (drafts.LONGEST + 1), by=nora)


def test_after_the_deadline_the_words_are_still_there_but_are_not_sent(review: Review, nora: User) -> None:
    client = signed_in(nora)
    autosave(client, review)
    Review.objects.update(submissions_close_on=timezone.localdate() - timedelta(days=1))
    assert autosave(client, review, revision=1).status_code == 409
    desk = client.get(url("submissions", review)).content.decode()
    assert "cannot be any more" in desk
    assert NOTE in desk
    assert ID in desk
    client.post(url("submission_discard", review))
    assert NOTE not in client.get(url("submissions", review)).content.decode()


def test_drafts_end_with_the_case_the_membership_and_the_review(
    review: Review, nora: User, bola: User
) -> None:
    case = build.case(review, "North", "0011", "pppp", by=bola)

    def begin(user: User, of: Case | None) -> Draft:
        return actions.keep(review=review, case=of, token="t", revision=None, typed="a=1", by=user)

    change, new, team = begin(nora, case), begin(nora, None), begin(bola, None)
    submissions.withdraw(case=case, by=bola)
    assert _ended(change, new, team) == [True, False, False]
    members.end(membership=Membership.objects.get(user=nora), by=bola)
    assert _ended(change, new, team) == [True, True, False]
    Review.objects.update(stage=Stage.REPORTING)
    reviews.move_to_stage(review=review, stage=Stage.CLOSED, by=bola)
    assert _ended(change, new, team) == [True, True, True]


def _ended(*kept: Draft) -> list[bool]:
    for draft in kept:
        draft.refresh_from_db()
    return [draft.ended_at is not None and bytes(draft.sealed) == b"" for draft in kept]


def test_a_withdrawn_case_has_no_more_drafts(review: Review, nora: User) -> None:
    case = build.case(review, "North", "0011", "pppp", by=nora)
    submissions.withdraw(case=case, by=nora)
    with pytest.raises(Refused, match="withdrawn"):
        actions.keep(review=review, case=case, token="t", revision=None, typed="a=1", by=nora)


def test_a_button_takes_over_from_whatever_another_tab_saved(review: Review, nora: User) -> None:
    actions.keep(review=review, token="first", revision=0, typed="a=1", by=nora)
    with pytest.raises(Stale):
        actions.keep(review=review, token="second", revision=0, typed="a=2", by=nora)
    taken = actions.keep(review=review, token="second", revision=None, typed="a=3", by=nora)
    fields = drafts.typed_of(taken).fields
    assert fields is not None
    assert (fields["a"], taken.revision) == ("3", 2)


def test_a_page_of_another_account_gets_neither_a_draft_nor_a_token(
    review: Review, nora: User, sam: User
) -> None:
    client = signed_in(nora)
    fields = {**FORM, "draft_token": "form", "draft_revision": "0"}
    for send in (client.get, client.post):
        answer = send(url("submission_draft", review), fields, headers={"X-Account": str(sam.pk)})
        assert answer.status_code == 409
        assert "Somebody else has signed in" in answer.json()["problem"]
    assert not Draft.objects.exists()
    answer = client.post(url("submission_draft", review), fields, headers={"X-Account": str(nora.pk)})
    assert answer.status_code == 200


def test_whoever_signed_in_again_gets_a_token_for_the_form(review: Review, nora: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(nora)
    token = client.get(url("submission_draft", review)).json()["csrf"]
    fields = {**FORM, "draft_token": "form", "draft_revision": "0", "csrfmiddlewaretoken": token}
    assert client.post(url("submission_draft", review), fields).status_code == 200
    assert (
        client.post(url("submission_draft", review), fields | {"csrfmiddlewaretoken": "x"}).status_code == 403
    )
    assert Client().post(url("submission_draft", review), fields).status_code == 302
