"""Log lines that hold no personal data: one JSON object a line, of fields that are listed here and no others.

A message is written as its template, never with what was filled in; an error by its type and the places it
passed through, never by its words, which may quote what somebody typed (docs/adr/0045).
"""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final

# What a log call may add by `extra`: each of them says nothing of a person, a case or a text.
FIELDS: Final = ("request", "method", "page", "status", "milliseconds")
# Their messages without arguments are written by us or are fixed; elsewhere one may have been put together
# from what was asked, such as the name of a host that was refused.
FIXED_MESSAGES: Final = ("kscmp_review", "cases", "themes", "gunicorn")
MOST_FRAMES: Final = 40
PARTS_OF_A_PATH: Final = 3


class SafeJson(logging.Formatter):
    """One line of JSON: time (UTC), level, logger, event, and what FIELDS and an exception give."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event_of(record),
        }
        line |= {name: getattr(record, name) for name in FIELDS if _is_plain(getattr(record, name, None))}
        if record.exc_info and record.exc_info[1] is not None:
            line["errors"] = list(errors_of(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=True)


def event_of(record: logging.LogRecord) -> str:
    """The message's template; the place it was written at, where the message may hold more than that."""
    fixed = bool(record.args) or record.name.split(".")[0] in FIXED_MESSAGES
    if isinstance(record.msg, str) and fixed:
        return record.msg
    return f"written at {_shortened(record.pathname)}:{record.lineno}"


def errors_of(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Each error of the chain, the last raised first: its type and its frames, innermost last."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        yield {
            "type": f"{kind.__module__}.{kind.__qualname__}",
            "frames": list(_frames(error.__traceback__))[-MOST_FRAMES:],
        }
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{_shortened(code.co_filename)}:{traceback.tb_lineno} in {code.co_name}"
        traceback = traceback.tb_next


def _shortened(path: str) -> str:
    return "/".join(PurePath(path).parts[-PARTS_OF_A_PATH:])


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)
