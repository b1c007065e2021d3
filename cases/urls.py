"""Addresses of the review, its profile, submissions, selection, members and audit."""

from django.urls import path
from django.urls.resolvers import URLPattern

from cases.views.agreement import agreement
from cases.views.answers import case_answers, case_ask, case_liberi_id, case_verify
from cases.views.audit import audit
from cases.views.data_protection import (
    data_protection,
    data_protection_export,
    legal_hold,
    retention_change,
    stays_open,
)
from cases.views.decisions import selection_accept, selection_decide
from cases.views.history import case_history
from cases.views.home import home
from cases.views.index_cases import (
    index_case_change,
    index_case_new,
    index_case_remove,
    index_cases,
    index_cases_template,
    index_cases_upload,
)
from cases.views.members import (
    member_change,
    member_end,
    members,
    offer_accept,
    offer_again,
    offer_withdraw,
)
from cases.views.messages import messages
from cases.views.overview import overview
from cases.views.profile import profile
from cases.views.profile_change import (
    profile_add,
    profile_change,
    profile_line,
    profile_restore,
    profile_split,
    profile_start_over,
    profile_step,
)
from cases.views.questions import question_reply
from cases.views.record import selection_confirm, selection_record, selection_reopen
from cases.views.reviews import review_create, review_settings, review_stage
from cases.views.robustness import robustness
from cases.views.selection import selection, selection_compare, selection_export
from cases.views.submissions import submission_withdraw, submissions
from cases.views.submitting import (
    submission_change,
    submission_change_check,
    submission_change_discard,
    submission_change_draft,
    submission_check,
    submission_discard,
    submission_done,
    submission_draft,
    submission_new,
)
from cases.views.uploads import submissions_template, submissions_upload, submissions_upload_check

DESK = "reviews/<slug:review_slug>/submissions/"
CASE_AT_DESK = f"{DESK}<slug:public_id>/"
PROFILE_CHANGE = "reviews/<slug:review_slug>/profile/change/"
INDEX = "reviews/<slug:review_slug>/profile/index-cases/"
PROTECTION = "reviews/<slug:review_slug>/data-protection/"
SELECTION = "reviews/<slug:review_slug>/selection/"
CASE_IN_SELECTION = f"{SELECTION}cases/<slug:public_id>/"

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("reviews/new/", review_create, name="review_create"),
    path("reviews/<slug:review_slug>/", overview, name="review"),
    path("reviews/<slug:review_slug>/settings/", review_settings, name="review_settings"),
    path("reviews/<slug:review_slug>/stage/<slug:stage>/", review_stage, name="review_stage"),
    path("reviews/<slug:review_slug>/profile/", profile, name="profile"),
    path(PROFILE_CHANGE, profile_change, name="profile_change"),
    path(f"{PROFILE_CHANGE}add/", profile_add, name="profile_add"),
    path(f"{PROFILE_CHANGE}start-over/", profile_start_over, name="profile_start_over"),
    path(f"{PROFILE_CHANGE}lines/<slug:slug>/", profile_line, name="profile_line"),
    path(f"{PROFILE_CHANGE}lines/<slug:slug>/step/", profile_step, name="profile_step"),
    path(f"{PROFILE_CHANGE}lines/<slug:slug>/split/", profile_split, name="profile_split"),
    path(f"{PROFILE_CHANGE}lines/<slug:slug>/restore/", profile_restore, name="profile_restore"),
    path(INDEX, index_cases, name="index_cases"),
    path(f"{INDEX}new/", index_case_new, name="index_case_new"),
    path(f"{INDEX}upload/", index_cases_upload, name="index_cases_upload"),
    path(f"{INDEX}template.xlsx", index_cases_template, name="index_cases_template"),
    path(f"{INDEX}<int:number>/", index_case_change, name="index_case_change"),
    path(f"{INDEX}<int:number>/remove/", index_case_remove, name="index_case_remove"),
    path("reviews/<slug:review_slug>/members/", members, name="members"),
    path("reviews/<slug:review_slug>/members/<int:pk>/change/", member_change, name="member_change"),
    path("reviews/<slug:review_slug>/members/<int:pk>/end/", member_end, name="member_end"),
    path("reviews/<slug:review_slug>/members/invited/<int:pk>/again/", offer_again, name="offer_again"),
    path(
        "reviews/<slug:review_slug>/members/invited/<int:pk>/withdraw/", offer_withdraw, name="offer_withdraw"
    ),
    path("invitations/<int:pk>/accept/", offer_accept, name="offer_accept"),
    path("reviews/<slug:review_slug>/messages/", messages, name="messages"),
    path("reviews/<slug:review_slug>/audit/", audit, name="audit"),
    path(PROTECTION, data_protection, name="data_protection"),
    path(f"{PROTECTION}retention/", retention_change, name="retention_change"),
    path(f"{PROTECTION}stays-open/", stays_open, name="stays_open"),
    path(f"{PROTECTION}legal-hold/", legal_hold, name="legal_hold"),
    path(f"{PROTECTION}export/<slug:file_format>", data_protection_export, name="data_protection_export"),
    path(DESK, submissions, name="submissions"),
    path(f"{DESK}new/", submission_new, name="submission_new"),
    path(f"{DESK}check/", submission_check, name="submission_check"),
    path(f"{DESK}draft/", submission_draft, name="submission_draft"),
    path(f"{DESK}draft/discard/", submission_discard, name="submission_discard"),
    path(f"{DESK}upload/", submissions_upload, name="submissions_upload"),
    path(f"{DESK}upload/check/", submissions_upload_check, name="submissions_upload_check"),
    path(f"{DESK}template.xlsx", submissions_template, name="submissions_template"),
    path(f"{CASE_AT_DESK}change/", submission_change, name="submission_change"),
    path(f"{CASE_AT_DESK}change/check/", submission_change_check, name="submission_change_check"),
    path(f"{CASE_AT_DESK}change/draft/", submission_change_draft, name="submission_change_draft"),
    path(f"{CASE_AT_DESK}change/draft/discard/", submission_change_discard, name="submission_change_discard"),
    path(f"{CASE_AT_DESK}history/", case_history, name="case_history"),
    path(f"{CASE_AT_DESK}withdraw/", submission_withdraw, name="submission_withdraw"),
    path(f"{CASE_AT_DESK}done/", submission_done, name="submission_done"),
    path(f"{CASE_AT_DESK}questions/<slug:characteristic>/", question_reply, name="question_reply"),
    path(SELECTION, selection, name="selection"),
    path(f"{SELECTION}agreement/", agreement, name="agreement"),
    path(f"{SELECTION}compare/", selection_compare, name="selection_compare"),
    path(f"{SELECTION}robustness/", robustness, name="robustness"),
    path(f"{SELECTION}accept/", selection_accept, name="selection_accept"),
    path(f"{SELECTION}confirm/", selection_confirm, name="selection_confirm"),
    path(f"{SELECTION}reopen/", selection_reopen, name="selection_reopen"),
    path(f"{SELECTION}record/<int:number>/", selection_record, name="selection_record"),
    path(f"{SELECTION}export/<slug:file_format>", selection_export, name="selection_export"),
    path(CASE_IN_SELECTION, case_answers, name="case_answers"),
    path(f"{CASE_IN_SELECTION}decide/", selection_decide, name="selection_decide"),
    path(f"{CASE_IN_SELECTION}ask/", case_ask, name="case_ask"),
    path(f"{CASE_IN_SELECTION}verify/", case_verify, name="case_verify"),
    path(f"{CASE_IN_SELECTION}liberi-id/", case_liberi_id, name="case_liberi_id"),
]
