"""The chance of a test: the program draws names and orders at random, and a test draws the same every time.

What depends on a draw by mistake (a letter that stands in a public id too) then fails always or never, not
once a month. `--chance=N` draws others, so that such a mistake can be looked for.
"""

from collections.abc import Callable
from random import Random

import pytest

# The modules whose draws can be seen: on pages, in URLs, in the order of letters. Keys, tokens and nonces
# stay out of reach: nothing may foresee them, and no page shows them.
DRAWING = ("cases.public_ids", "cases.actions.selections")


class Foreseen:
    """As much of `secrets` as those modules use, drawn from a seed."""

    def __init__(self, seed: str) -> None:
        drawn = Random(seed)
        self.choice: Callable[[str], str] = drawn.choice
        self.token_bytes = drawn.randbytes
        self.SystemRandom = lambda: drawn


def foresee(monkeypatch: pytest.MonkeyPatch, seed: str) -> None:
    """Until the test ends."""
    foreseen = Foreseen(seed)
    for name in DRAWING:
        monkeypatch.setattr(f"{name}.secrets", foreseen)
