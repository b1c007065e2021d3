"""Pages of what reviewers find, tag and report."""

from django.urls import path

from themes.views import cases, codebook, findings, interviews, matrix, tagging

REVIEW = "reviews/<slug:review_slug>"
CASE = f"{REVIEW}/cases/<slug:public_id>"
GUIDE = f"{REVIEW}/interviews/topic-guide"

urlpatterns = [
    path(f"{REVIEW}/cases/", cases.cases, name="cases"),
    path(f"{CASE}/", cases.case, name="case"),
    path(f"{CASE}/findings/new/", findings.finding_new, name="finding_new"),
    path(f"{CASE}/findings/<slug:finding_id>/", findings.finding_change, name="finding_change"),
    path(f"{CASE}/findings/<slug:finding_id>/delete/", findings.finding_delete, name="finding_delete"),
    path(f"{CASE}/texts/<slug:text_id>/", tagging.passage_tag, name="passage_tag"),
    path(f"{CASE}/passages/<int:pk>/untag/", tagging.passage_untag, name="passage_untag"),
    path(f"{CASE}/passages/<int:pk>/quotable/", tagging.passage_quotable, name="passage_quotable"),
    path(f"{CASE}/passages/<int:pk>/looked-at/", tagging.passage_look_done, name="passage_look_done"),
    path(f"{CASE}/interview/", interviews.interview, name="interview"),
    path(f"{CASE}/interview/<int:question>/", interviews.interview_note, name="interview_note"),
    path(f"{REVIEW}/themes/", codebook.codebook, name="codebook"),
    path(f"{REVIEW}/themes/new/", codebook.theme_new, name="theme_new"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/", codebook.theme, name="theme"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/change/", codebook.theme_change, name="theme_change"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/retire/", codebook.theme_retire, name="theme_retire"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/restore/", codebook.theme_restore, name="theme_restore"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/move/", codebook.theme_move, name="theme_move"),
    path(f"{REVIEW}/matrix/", matrix.matrix, name="matrix"),
    path(f"{REVIEW}/matrix/export/", matrix.matrix_export, name="matrix_export"),
    path(f"{REVIEW}/matrix/<slug:public_id>/<slug:theme_slug>/", matrix.matrix_cell, name="matrix_cell"),
    path(f"{REVIEW}/interviews/", interviews.interviews, name="interviews"),
    path(f"{GUIDE}/", interviews.guide, name="topic_guide"),
    path(f"{GUIDE}/<int:question>/", interviews.question, name="topic_question"),
    path(f"{GUIDE}/<int:question>/change/", interviews.question_change, name="topic_question_change"),
    path(f"{GUIDE}/<int:question>/retire/", interviews.question_retire, name="topic_question_retire"),
]
