"""The words of each message. Pure: no Django, and nothing of any case to put in."""

from dataclasses import dataclass
from datetime import date
from textwrap import fill

WIDTH = 72


@dataclass(frozen=True, kw_only=True)
class About:
    """All that a message may speak of: never a case, a Liberi ID, a characteristic or anything answered."""

    service: str
    review: str
    district: str
    link: str
    closes: date | None = None


SUBJECTS = {
    "review opened": "a review is open for submissions",
    "submissions close soon": "submissions close soon",
    "question asked": "the business team has a question for your district",
    "district complete": "a district has put forward all its cases",
    "erasure due": "the case data of a review will be erased",
    "review left open": "nobody has worked on a review for a long time",
}


def subject_of(kind: str, about: About) -> str:
    """The service's name and neutral words: it is read on locked screens."""
    return f"{about.service}: {SUBJECTS[kind]}"


def body_of(kind: str, about: About) -> str:
    """Plain text: what happened, the link, why it came."""
    paragraphs = [
        f"Review: {about.review}",
        _happened(kind, about),
        f"Sign in to see it:\n{about.link}",
        f"You get this message as {_capacity(kind, about)}. It says nothing about any case.",
        "It was sent automatically: replies are not read.",
    ]
    return "\n\n".join(_wrapped(paragraph) for paragraph in paragraphs) + "\n"


def _happened(kind: str, about: About) -> str:
    if kind == "erasure due":
        return (
            "The review was closed some time ago. Its case data will be erased for good in 30 days or a "
            "little more; the released report stays. If it must be kept for legal proceedings or a "
            "complaint, place a legal hold before then."
        )
    if kind == "review left open":
        return (
            "Nobody has changed anything in the review for a long time, and it is not closed. Case data is "
            "erased some time after closing, so that it stays for as long as the review is open. Close the "
            "review, or say why it stays open. Until then you are asked again every three months."
        )
    if kind == "district complete":
        return f"{about.district} has put forward all the cases that were asked of it."
    if kind == "question asked":
        return f"The business team asks {about.district} to find out what is not known yet."
    if kind == "submissions close soon":
        return f"{about.district} has not put forward all its cases yet. {_closing(about)}".rstrip()
    return f"The review is open for submissions from {about.district}. {_closing(about)}".rstrip()


def _closing(about: About) -> str:
    closes = about.closes
    return f"Submissions close at the end of {closes.day} {closes:%B %Y}." if closes else ""


def _capacity(kind: str, about: About) -> str:
    if kind in ("district complete", "erasure due", "review left open"):
        return "a member of the business team"
    return f"district lead of {about.district}"


def _wrapped(paragraph: str) -> str:
    """Each line at most WIDTH wide, save a link, which must stay in one piece."""
    return "\n".join(
        fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in paragraph.split("\n")
    )
