"""Whether a released version on record is what two people released, and whose files are whose.

A digest beside its content would not do: whoever can change one can change the other. The audit has both, in
a chain that cannot be mended without its key.
"""

from collections.abc import Iterator
from typing import Any

from cases.models import Review
from kscmp_review.audit.models import AuditEvent
from themes.models import ReportFile, ReportVersion
from themes.report.document import document_of
from themes.report.frozen import digest_of

APPROVALS = 2
# The approval that releases is the event of the release.
APPROVING = ("report.approved", "report.released")
EVENTS = {"report.proposed": "that it was put forward", "report.released": "of its release"}


def problems_of(version: ReportVersion) -> list[str]:
    """A sentence for each thing that does not hold; empty where all does. `version` must be released."""
    return list(_problems(version))


def file_with(review: Review, content: bytes) -> ReportFile | None:
    """The kept file of a released version that is this one, byte for byte; None where none is."""
    kept = ReportFile.objects.filter(version__review=review, digest=digest_of(content))
    found: ReportFile | None = kept.select_related("version").order_by("version__number").first()
    return found


def _problems(version: ReportVersion) -> Iterator[str]:
    if document_of(version).digest != version.digest:
        yield "its words and tables do not have their digest: they have been changed"
    for action, what in EVENTS.items():
        event = _event(version, action)
        if event is None:
            yield f"the audit has no event {what}"
        elif event.after.get("digest") != version.digest:
            yield f"the audit has another digest in the event {what}"
    approved = {approval.approved_by_id for approval in version.approvals.all()}
    on_record = set(_events(version, *APPROVING).values_list("actor_id", flat=True))
    if len(approved) < APPROVALS:
        yield "it does not have the approvals of two people"
    if approved != on_record:
        yield "the audit names other people who approved it"
    yield from _problems_of_files(version)


def _problems_of_files(version: ReportVersion) -> Iterator[str]:
    event = _event(version, "report.released")
    released: dict[str, str] = event.after.get("files", {}) if event else {}
    kept = {file.file_format: file for file in version.files.all()}
    for name in sorted(released.keys() - kept.keys()):
        yield f"its file in the format {name} is missing"
    for name, file in sorted(kept.items()):
        if digest_of(bytes(file.content)) != file.digest:
            yield f"its file in the format {name} has been changed since it was released"
        elif name not in released:
            yield f"its file in the format {name} is not in the event of its release"
        elif released[name] != file.digest:
            yield f"the audit has another digest for its file in the format {name}"


def _events(version: ReportVersion, *actions: str) -> Any:
    events = AuditEvent.objects.of_review(version.review_id).about("report version", str(version.number))
    return events.filter(action__in=actions)


def _event(version: ReportVersion, action: str) -> AuditEvent | None:
    found: AuditEvent | None = _events(version, action).first()
    return found
