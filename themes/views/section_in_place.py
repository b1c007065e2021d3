"""What the buttons of a section's form do without saving it: show it, put words in, bring two texts together.

With JavaScript the same buttons put their words in at the cursor; without it the form comes back with them.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from themes.coding.differences import Piece, differences
from themes.coding.merging import merged
from themes.forms.report import SectionForm, theirs_of
from themes.models import ReportSection
from themes.report.live_counts import filled, unknown_tokens
from themes.report.prose import prose
from themes.versions import save_of, section_saves

AT_THE_END = "It has been put at the end of the text. Move it to where it belongs, and save."
TOGETHER = "Both changes are in the text now. Read it, and save."


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as the report would print it; `unknown` lists what is no live count."""

    html: SafeString
    unknown: list[str]


@dataclass(frozen=True, slots=True)
class Together:
    """Two texts where a colleague saved first: what tells theirs from mine, and both in one if that goes."""

    pieces: list[Piece]
    both: str | None


def preview_of(body: str, words: dict[str, str]) -> Preview:
    html = prose(filled(body, words, leave_unknown=True))  # cleaned by nh3
    return Preview(SafeString(html), unknown_tokens(body, words))  # nosec B703


def together(form: SectionForm, section: ReportSection) -> Together:
    """`section` is as it is saved now."""
    mine, base = form.text_now.replace("\r\n", "\n"), form["base"].value()
    before = save_of(section_saves(section), int(base)) if str(base).isdecimal() else None
    both = merged(before.body, mine.strip(), section.body) if before else None
    return Together(differences(section.body, mine), both)


def changed_in_place(request: HttpRequest, form: SectionForm, section: ReportSection) -> str | None:
    """What to say where a button asked for something other than saving; None where it is to be saved."""
    insert, do = request.POST.get("insert"), request.POST.get("do")
    if insert is not None:
        form.put(body=with_words(form.text_now, insert))
        return AT_THE_END
    if do == "together":
        both = together(form, section).both
        if both is not None:
            form.put(body=both, revision=str(section.revision), base=str(section.revision))
            return TOGETHER
        form.put()
        form.catch_up(theirs_of(section))
        return ""
    if do == "preview":
        form.put()
        return ""
    return None


def with_words(body: str, words: str) -> str:
    """The text with a quotation after it as a paragraph of its own, anything else as its next words."""
    body, words = body.rstrip(), words.strip()
    between = "\n\n" if words.startswith(">") and body else " " if body else ""
    return f"{body}{between}{words}"
