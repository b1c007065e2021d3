"""Addresses by the hundred: those of the rows of a page, which differ in their last key alone."""

from functools import lru_cache

from django import template
from django.urls import get_script_prefix, get_urlconf, reverse

register = template.Library()

# A number and a short name at once, so that it stands where either is asked for; no key of a row.
ANY_KEY = "987654321987654321"


@register.simple_tag
def address(name: str, *keys: str | int) -> str:
    """`{% address "passage_memo" review.slug case.public_id passage.pk %}`: what `url` says, from a pattern
    that is made once for all that share the keys before the last.
    """
    before, after = _around_last_key(name, keys[:-1], get_script_prefix(), get_urlconf())
    return f"{before}{keys[-1]}{after}"


class Addresses:
    """The same by the hundred: what stands around the last key is looked for once a name."""

    def __init__(self, *keys: str | int) -> None:
        self._keys = keys
        self._around: dict[tuple[str | int, ...], tuple[str, str]] = {}

    def __call__(self, name: str, *keys: str | int) -> str:
        """With these keys after those that all of them share."""
        *before, last = *self._keys, *keys
        key = name, *before
        around = self._around.get(key)
        if around is None:
            around = _around_last_key(name, tuple(before), get_script_prefix(), get_urlconf())
            self._around[key] = around
        return f"{around[0]}{last}{around[1]}"


@lru_cache(maxsize=1024)
def _around_last_key(
    name: str, keys: tuple[str | int, ...], prefix: str, urlconf: str | None
) -> tuple[str, str]:
    before, found, after = reverse(name, urlconf=urlconf, args=[*keys, ANY_KEY]).rpartition(ANY_KEY)
    assert found, f"the last key of {name} is not in its address"  # nosec B101
    return before, after
