"""The demonstration review's written content, read from the TOML files beside this module."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# Markdown needs its line breaks; everywhere else lines are wrapped for reading only.
KEEPS_LINES = frozenset({"report"})


def read(name: str) -> dict[str, Any]:
    """The tables of one file, such as "findings". Wrapped text is joined into one line, save in "report"."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        tables = tomllib.load(file)
    if name in KEEPS_LINES:
        return tables
    joined: dict[str, Any] = _joined(tables)
    return joined


def _joined(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, Mapping):
        return {key: _joined(inner) for key, inner in value.items()}
    return [_joined(inner) for inner in value] if isinstance(value, list) else value


def span(words: str, text: str) -> tuple[int, int]:
    """Where the words stand in the text, as `[start, end)` in code points; ValueError unless exactly once."""
    if text.count(words) != 1:
        raise ValueError(f"“{words}” stands {text.count(words)} times in its text")
    start = text.index(words)
    return start, start + len(words)
