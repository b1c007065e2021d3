"""The framework matrix: a written summary where a case meets a theme, and what was looked for in vain."""

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused
from cases.models import Case
from kscmp_review.accounts.models import User
from themes.actions.indexing import index
from themes.actions.opening import check_revision, open_case, record_about_case
from themes.coding.passages import normalised
from themes.models import Cell, Theme


@transaction.atomic
def summarise(
    *,
    case: Case,
    theme: Theme,
    summary: str,
    looked_for_not_found: bool = False,
    revision: int = 0,
    by: User,
) -> Cell:
    """Write the summary of one cell; `revision` is 0 when there was none.

    Raises Stale when somebody saved the cell since `revision`.
    """
    case = open_case(case, by=by)
    theme = Theme.objects.get(pk=theme.pk)
    if theme.review_id != case.review_id:
        raise Refused("The theme belongs to another review.")
    cell = Cell.objects.filter(case=case, theme=theme).first() or Cell(case=case, theme=theme, revision=0)
    check_revision(cell.revision, revision)
    before = {"looked_for_not_found": cell.looked_for_not_found, "revision": cell.revision}
    cell.summary, cell.looked_for_not_found = normalised(summary).strip(), looked_for_not_found
    cell.revision += 1
    cell.changed_by, cell.changed_at = by, timezone.now()
    cell.save()
    index(cell)
    record_about_case(
        "cell.summarised",
        case,
        by,
        object_type="cell",
        object_id=str(cell.pk),
        before=before,
        after={
            "theme": theme.slug,
            "looked_for_not_found": cell.looked_for_not_found,
            "revision": cell.revision,
        },
    )
    return cell
