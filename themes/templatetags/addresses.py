"""Addresses by the hundred: those of the texts and passages of a case, which differ in one key alone."""

from functools import lru_cache

from django import template
from django.urls import get_script_prefix, get_urlconf, reverse

register = template.Library()

# A number and a short name at once, so that it stands where either is asked for; no key of a row.
ANY_KEY = "987654321987654321"


@register.simple_tag
def address(name: str, review_slug: str, public_id: str, key: str | int) -> str:
    """`{% address "passage_memo" review.slug case.public_id passage.pk %}`: what `url` says, from a pattern
    that is filled in once a case.
    """
    before, after = _around_key(name, review_slug, public_id, get_script_prefix(), get_urlconf())
    return f"{before}{key}{after}"


@lru_cache(maxsize=1024)
def _around_key(
    name: str, review_slug: str, public_id: str, prefix: str, urlconf: str | None
) -> tuple[str, str]:
    before, found, after = reverse(name, urlconf=urlconf, args=[review_slug, public_id, ANY_KEY]).rpartition(
        ANY_KEY
    )
    assert found  # nosec B101
    return before, after
