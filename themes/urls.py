"""Pages of what reviewers find, tag and report."""

from django.urls import path

from themes.views import (
    cases,
    codebook,
    coverage,
    drafting,
    exchange,
    findings,
    history,
    interviews,
    matrix,
    reading,
    report,
    report_checks,
    report_drafting,
    report_history,
    report_reading,
    report_sections,
    report_template,
    reshaping,
    search,
    second_reading,
    tagging,
)

REVIEW = "reviews/<slug:review_slug>"
CASE = f"{REVIEW}/cases/<slug:public_id>"
GUIDE = f"{REVIEW}/interviews/topic-guide"
REPORT = f"{REVIEW}/report"

urlpatterns = [
    path(f"{REVIEW}/cases/", cases.cases, name="cases"),
    path(f"{REVIEW}/coverage/", coverage.coverage, name="coverage"),
    path(f"{CASE}/records/", coverage.record_read, name="record_read"),
    path(f"{REVIEW}/second-readings/", second_reading.second_readings, name="second_readings"),
    path(f"{CASE}/second-reading/", second_reading.second_reading, name="second_reading"),
    path(f"{CASE}/second-reading/step/", second_reading.second_reading_step, name="second_reading_step"),
    path(
        f"{CASE}/second-reading/settle/<int:place>/",
        second_reading.second_reading_settle,
        name="second_reading_settle",
    ),
    path(f"{CASE}/second-tags/<int:pk>/remove/", tagging.second_untag, name="second_untag"),
    path(f"{REVIEW}/search/", search.search_texts, name="search_texts"),
    path(f"{CASE}/", cases.case, name="case"),
    path(f"{CASE}/findings/new/", findings.finding_new, name="finding_new"),
    path(f"{CASE}/findings/deleted/", history.findings_deleted, name="findings_deleted"),
    path(f"{CASE}/findings/<slug:finding_id>/", findings.finding_change, name="finding_change"),
    path(f"{CASE}/findings/<slug:finding_id>/delete/", findings.finding_delete, name="finding_delete"),
    path(f"{CASE}/drafts/<slug:kind>/<slug:target>/", drafting.writing_draft, name="writing_draft"),
    path(
        f"{CASE}/drafts/<slug:kind>/<slug:target>/discard/", drafting.writing_discard, name="writing_discard"
    ),
    path(f"{CASE}/texts/<slug:text_id>/", tagging.passage_tag, name="passage_tag"),
    path(f"{CASE}/texts/<slug:text_id>/read/", reading.text_read, name="text_read"),
    path(f"{CASE}/passages/<int:pk>/", reading.passage, name="passage"),
    path(f"{CASE}/texts/<slug:text_id>/versions/", history.text_history, name="text_history"),
    path(f"{CASE}/passages/<int:pk>/untag/", tagging.passage_untag, name="passage_untag"),
    path(f"{CASE}/passages/<int:pk>/quotable/", tagging.passage_quotable, name="passage_quotable"),
    path(f"{CASE}/passages/<int:pk>/memo/", tagging.passage_memo, name="passage_memo"),
    path(f"{CASE}/passages/<int:pk>/looked-at/", tagging.passage_look_done, name="passage_look_done"),
    path(f"{CASE}/interview/", interviews.interview, name="interview"),
    path(f"{CASE}/interview/<int:question>/", interviews.interview_note, name="interview_note"),
    path(f"{REVIEW}/themes/", codebook.codebook, name="codebook"),
    path(f"{REVIEW}/themes/new/", codebook.theme_new, name="theme_new"),
    path(f"{REVIEW}/themes/exchange/", exchange.exchange, name="exchange"),
    path(f"{REVIEW}/themes/exchange/<slug:file_format>/", exchange.exchange_export, name="exchange_export"),
    path(f"{REVIEW}/themes/steps/<int:pk>/undo/", reshaping.codebook_undo, name="codebook_undo"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/", codebook.theme, name="theme"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/versions/", history.theme_history, name="theme_history"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/change/", codebook.theme_change, name="theme_change"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/retire/", codebook.theme_retire, name="theme_retire"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/restore/", codebook.theme_restore, name="theme_restore"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/merge/", reshaping.theme_merge, name="theme_merge"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/split/", reshaping.theme_split, name="theme_split"),
    path(f"{REVIEW}/themes/<slug:theme_slug>/move/", codebook.theme_move, name="theme_move"),
    path(f"{REVIEW}/matrix/", matrix.matrix, name="matrix"),
    path(f"{REVIEW}/matrix/strength/", matrix.matrix_strength, name="matrix_strength"),
    path(f"{REVIEW}/matrix/export/", matrix.matrix_export, name="matrix_export"),
    path(f"{REVIEW}/matrix/<slug:public_id>/<slug:theme_slug>/", matrix.matrix_cell, name="matrix_cell"),
    path(
        f"{REVIEW}/matrix/<slug:public_id>/<slug:theme_slug>/versions/",
        history.cell_history,
        name="cell_history",
    ),
    path(f"{REVIEW}/interviews/", interviews.interviews, name="interviews"),
    path(f"{GUIDE}/", interviews.guide, name="topic_guide"),
    path(f"{GUIDE}/versions/", interviews.guide_versions, name="topic_guide_versions"),
    path(f"{GUIDE}/<int:question>/move/", interviews.question_move, name="topic_question_move"),
    path(f"{GUIDE}/<int:question>/", interviews.question, name="topic_question"),
    path(f"{GUIDE}/<int:question>/change/", interviews.question_change, name="topic_question_change"),
    path(f"{GUIDE}/<int:question>/retire/", interviews.question_retire, name="topic_question_retire"),
    path(f"{REPORT}/", report.report, name="report"),
    path(f"{REPORT}/start/", report.report_start, name="report_start"),
    path(f"{REPORT}/sections/new/", report_sections.report_section_new, name="report_section_new"),
    path(f"{REPORT}/template/", report_template.report_template, name="report_template"),
    path(f"{REPORT}/template/add/", report_template.report_template_add, name="report_template_add"),
    path(
        f"{REPORT}/sections/removed/", report_sections.report_sections_removed, name="report_sections_removed"
    ),
    path(f"{REPORT}/sections/<slug:key>/", report_sections.report_section, name="report_section"),
    path(
        f"{REPORT}/sections/<slug:key>/draft/",
        report_drafting.report_section_draft,
        name="report_section_draft",
    ),
    path(
        f"{REPORT}/sections/<slug:key>/discard/",
        report_drafting.report_section_discard,
        name="report_section_discard",
    ),
    path(
        f"{REPORT}/sections/<slug:key>/versions/",
        report_history.report_section_history,
        name="report_section_history",
    ),
    path(
        f"{REPORT}/sections/<slug:key>/move/", report_sections.report_section_move, name="report_section_move"
    ),
    path(
        f"{REPORT}/sections/<slug:key>/remove/",
        report_sections.report_section_remove,
        name="report_section_remove",
    ),
    path(f"{REPORT}/checks/", report_checks.report_checks, name="report_checks"),
    path(
        f"{REPORT}/checks/<slug:fingerprint>/accept/",
        report_checks.report_problem_accept,
        name="report_problem_accept",
    ),
    path(
        f"{REPORT}/checks/acceptances/<int:pk>/withdraw/",
        report_checks.report_acceptance_withdraw,
        name="report_acceptance_withdraw",
    ),
    path(f"{REPORT}/preview/", report_reading.report_preview, name="report_preview"),
    path(f"{REPORT}/download/<slug:file_format>/", report_reading.report_download, name="report_download"),
    path(f"{REPORT}/propose/", report.report_propose, name="report_propose"),
    path(f"{REPORT}/versions/<int:number>/", report_reading.report_version, name="report_version"),
    path(f"{REPORT}/versions/<int:number>/approve/", report_reading.report_approve, name="report_approve"),
    path(
        f"{REPORT}/versions/<int:number>/<slug:file_format>/",
        report_reading.report_version_download,
        name="report_version_download",
    ),
]
