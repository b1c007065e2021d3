"""The demonstration review's written content, read from the TOML files beside this module."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# Lines are wrapped for reading only; where a text has paragraphs, an empty line stands between them.
HAS_PARAGRAPHS = frozenset({"report"})


def read(name: str) -> dict[str, Any]:
    """The tables of one file, such as "findings". Wrapped text is joined, one line a paragraph."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        tables = tomllib.load(file)
    joined: dict[str, Any] = _joined(tables, "\n\n" if name in HAS_PARAGRAPHS else None)
    return joined


def _joined(value: Any, between: str | None) -> Any:
    """`between` is what parts paragraphs; without it a text is one."""
    if isinstance(value, str):
        parts = value.strip().split(between) if between else [value]
        return (between or "").join(" ".join(part.split()) for part in parts)
    if isinstance(value, Mapping):
        return {key: _joined(inner, between) for key, inner in value.items()}
    return [_joined(inner, between) for inner in value] if isinstance(value, list) else value


def span(words: str, text: str) -> tuple[int, int]:
    """Where the words stand in the text, as `[start, end)` in code points; ValueError unless exactly once."""
    if text.count(words) != 1:
        raise ValueError(f"“{words}” stands {text.count(words)} times in its text")
    start = text.index(words)
    return start, start + len(words)
