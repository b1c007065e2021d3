"""Every text of the report that a person wrote, smoothed, so that nothing hides between its letters."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from itertools import zip_longest
from urllib.parse import unquote_plus

from themes.coding.sentences import sentences
from themes.report.checks.problem import Written
from themes.report.document import Material
from themes.report.live_counts import TOKEN, filled
from themes.report.prose import as_read

TAGS = re.compile(r"<[^>]*>")
# These may stand inside a word.
INSIDE_WORDS = re.compile(r"</?(?:a|code|em|strong)\b[^>]*>")
NAMES = re.compile(r"""\b(?:href|id)=["']([^"']*)["']""")
# Signs that take no place, and blank ones that are no space: none of them parts the letters beside it.
UNSEEN = ("Cf", "Mn", "Me")
BLANK = "\u115f\u1160\u2800\u3164"
# Stands for a live count while the Markdown around it is read: a sign that nobody has a key for.
KEPT = "\ue000"
# A line that goes on the one before, as an editor wraps it, is no end of a sentence.
WRAPPED = re.compile(r"(?<=\S)[ \t]*\n(?=[ \t]*(?![-*+#>|]|\d+[.)])\S)")


def smooth(text: str) -> str:
    """The text in its plainest form: full-width letters and digits as usual ones, invisible signs gone."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    unseen = (sign for sign in set(plain) if sign in BLANK or unicodedata.category(sign) in UNSEEN)
    return plain.translate({ord(sign): None for sign in unseen})


def plain(html: str) -> str:
    """The words of a document, its tags gone; what is emphasised in part of a word does not part it."""
    return smooth(unescape(TAGS.sub(" ", INSIDE_WORDS.sub("", html))))


def names_in(html: str) -> str:
    """The addresses and anchors of a document, as they are and with spaces where they have hyphens."""
    names = [unquote_plus(unescape(name)) for name in dict.fromkeys(NAMES.findall(html))]
    return smooth("\n".join((*names, *(name.replace("-", " ") for name in names))))


def said_in(body: str) -> str:
    """A section's text in Markdown as it reads, its live counts still in their braces."""
    tokens = [found[0] for found in TOKEN.finditer(body)]
    read = as_read(TOKEN.sub(KEPT, body)).words
    return "".join(piece + token for piece, token in zip_longest(read.split(KEPT), tokens, fillvalue=""))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text in Markdown; a line that was only wrapped does not end one."""
    text = WRAPPED.sub(" ", text)
    return [text[each.start : each.end] for each in sentences(text)]


def sentence_with(words: str, text: str) -> str:
    """The first sentence that holds the words; nothing where they stand across two."""
    return next((sentence for sentence in sentences_of(text) if words in sentence), "")


def written_texts(material: Material) -> Iterator[Written]:
    """Each text with its place, its live counts in words."""
    yield from _of_the_review(material)
    for part in material.parts:
        read = as_read(filled(part.body, material.words, leave_unknown=True))
        said = smooth(f"{part.heading}\n\n{said_in(part.body)}")
        text = smooth("\n\n".join((part.heading, read.words, *read.addresses)))
        yield Written(f"Section “{part.heading}”", text, section=part.key, said=said)
    for version in material.facts.versions:
        lines = [version.reason, *version.differences, *(line.name for line in version.lines)]
        place = f"Version {version.number} of the risk profile"
        yield Written(place, smooth("\n\n".join(lines)), page="profile")
    for point in material.learning:
        text = smooth(f"{point.text}\n\n{point.owner}")
        # A caution names themes that were retired since, too.
        printed = smooth("\n\n".join((point.text, point.owner, *point.cautions)))
        yield Written(f"Learning point {point.number}", printed, page="learning", said=text)
    for theme in material.facts.every_theme():
        text = smooth(f"{theme.name}\n\n{theme.definition}")
        yield Written(f"Theme “{theme.name}”", text, page="codebook")
    for quotations in material.quoted.values():
        for quotation in quotations:
            yield Written("A quotation", smooth(quotation.words), case=quotation.case)
    for acceptance in material.accepted:
        yield Written("The reason of an acceptance", smooth(acceptance.reason), page="checks")


def _of_the_review(material: Material) -> Iterator[Written]:
    review = material.review
    yield Written("The review's title", smooth(review.title), page="review_settings")
    if review.purpose:  # the method note prints it
        yield Written("The review's purpose", smooth(review.purpose), page="review_settings")
    for district in material.facts.districts:
        yield Written("The name of a district", smooth(district.name), page="review_settings")
    # Every file is named after it.
    yield Written("The review's short name", review.slug.replace("-", " "), page="review_settings")
