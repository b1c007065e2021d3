"""What REFI-QDA 1.5 holds: a codebook (.qdc) and a project of coded texts (.qdpx).

The standard is published at qdasoftware.org. Pure: what the database holds comes in as the classes below.
Positions are code points from the start of a text, the end excluded, as in `themes.coding.passages`.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

CODEBOOK = "urn:QDA-XML:codebook:1.0"
PROJECT = "urn:QDA-XML:project:1.0"
ORIGIN = "kscmp_review"
# Any fixed one: the same thing has the same identifier in every export.
NAMESPACE = uuid.UUID("6f1d2f3e-6a0a-4b36-9c5c-0b6a58f4d0a1")


class NotRefi(ValueError):
    """The file is not what it should be; the message is a sentence for the user."""


@dataclass(frozen=True)
class Code:
    """A theme; one that only groups others cannot be tagged with."""

    guid: str
    name: str
    description: str = ""
    codable: bool = True
    codes: list["Code"] = field(default_factory=list)
    memo: str = ""


@dataclass(frozen=True)
class Coding:
    """A code on a selection of a text, or on the whole of it where `start` is None."""

    guid: str
    code: str
    by: str
    at: datetime | None
    start: int | None = None
    end: int | None = None
    memo: str = ""


@dataclass(frozen=True)
class Source:
    """One text; `values` are its variables by name."""

    guid: str
    name: str
    text: str
    values: Mapping[str, str]
    codings: Sequence[Coding]
    case: str = ""


@dataclass(frozen=True)
class Project:
    """Coded material; `users` and `cases` are names by identifier."""

    name: str
    codes: Sequence[Code]
    sources: Sequence[Source]
    users: Mapping[str, str]
    cases: Mapping[str, str]


def guid_of(*parts: object) -> str:
    """The identifier of a thing named by these parts."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, parts))))
