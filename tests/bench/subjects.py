"""What `make bench` measures: one module of this package a subject, each with a generator `rows()`."""

from typing import NamedTuple

POSTGRESQL = "PostgreSQL"
SQLITE = "SQLite"
NONE = "no database"


class Subject(NamedTuple):
    """`module` names a module of `tests.bench`; it runs once on each of `databases`, migrated and
    empty."""

    module: str
    databases: tuple[str, ...] = (POSTGRESQL,)


SUBJECTS = (
    Subject("ranking", databases=(NONE,)),
    Subject("selection"),
    Subject("pages"),
    Subject("start"),
    Subject("workers"),
    Subject("answers", databases=(POSTGRESQL, SQLITE)),
    Subject("transfer", databases=(POSTGRESQL, SQLITE)),
    Subject("tagging", databases=(NONE,)),
    Subject("report", databases=(SQLITE,)),
    Subject("audit", databases=(POSTGRESQL, SQLITE)),
)


class NoSuchSubject(ValueError):
    """A subject was asked for that there is not; the message names those there are."""


def chosen(only: str) -> list[Subject]:
    """All subjects, or those named in `only` (separated by commas or spaces)."""
    names = only.replace(",", " ").split()
    known = {subject.module: subject for subject in SUBJECTS}
    if unknown := [name for name in names if name not in known]:
        raise NoSuchSubject(f"no subject {unknown[0]!r}: one of {', '.join(known)}")
    return [known[name] for name in names] if names else list(SUBJECTS)
