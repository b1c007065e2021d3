"""What makes a long password easy to guess all the same: a common one with more added, or our own words."""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

HOUSE = (
    "liberi", "safeguarding", "children", "partnership", "kscmp", "council", "county", "district", "social",
    "worker", "review", "reviewer", "positive", "practice", "business", "team", "board", "password",
    "welcome",
)  # fmt: skip
"""Words that somebody would try here first, beside those of the service's and the organisation's name."""

LEAST = 6
COMMON = "It is a common password with something added. Choose several words that do not belong together."
OURS = "It says little more than words of this service. Choose several words that do not belong together."


class NotEasilyGuessed(CommonPasswordValidator):
    """Refuses Django's 20,000 common passwords also with digits and signs around or between, or said twice.

    And whatever keeps fewer than six letters once the words of the house are taken out.
    """

    def validate(self, password: str, user: Any = None) -> None:
        letters = re.sub(r"[^a-z]+", "", password.lower())
        if _said_once(letters) in self.passwords:
            raise ValidationError(COMMON, code="password_too_common")
        rest = letters
        for word in sorted(words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != letters and len(rest) < LEAST:
            raise ValidationError(OURS, code="password_of_house_words")

    def get_help_text(self) -> str:
        return "Not a common password with something added, nor words of this service alone."


def words() -> set[str]:
    """In lower case, letters only."""
    named = re.findall(r"[a-z]{4,}", f"{settings.SERVICE_NAME} {settings.ORGANISATION_NAME}".lower())
    return {*HOUSE, *named}


def _said_once(letters: str) -> str:
    """ "dragondragon" → "dragon": a word turned by its shortest period is itself again."""
    return letters[: (letters * 2).find(letters, 1)] if letters else ""
