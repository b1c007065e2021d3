"""A test draws the same at every run, and no module that draws what can be seen is left out."""

import ast
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from cases import public_ids
from tests.chance import DRAWING, foresee

SEEN = {"choice", "choices", "randbelow", "shuffle", "sample", "SystemRandom"}


def drawn() -> tuple[Any, ...]:
    letters = list("ABCDEFGH")
    import_module("cases.actions.selections").secrets.SystemRandom().shuffle(letters)
    return public_ids.new_public_id(), *islice(public_ids.new_public_ids(), 3), *letters


def drawn_from(seed: str) -> tuple[Any, ...]:
    with pytest.MonkeyPatch.context() as patched:
        foresee(patched, seed)
        return drawn()


def test_one_seed_gives_one_draw_and_another_gives_another() -> None:
    assert drawn_from("one") == drawn_from("one")
    assert drawn_from("one") != drawn_from("other")


def test_without_a_seed_nobody_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert drawn() != drawn()


def draws_from(module: str) -> set[str]:
    """What a source asks of `secrets` that picks or orders something to be seen."""
    return {
        node.attr
        for node in ast.walk(ast.parse(module))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "secrets"
        and node.attr in SEEN
    }


def test_every_module_that_draws_what_can_be_seen_is_foreseen() -> None:
    sources = [path for floor in ("cases", "themes", "kscmp_review") for path in Path(floor).rglob("*.py")]
    drawing = {".".join(path.with_suffix("").parts) for path in sources if draws_from(path.read_text())}
    assert drawing == set(DRAWING)
