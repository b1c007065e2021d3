"""Events of accounts as an administrator reads them."""

from django import template

from kscmp_review.accounts import ways
from kscmp_review.audit.models import AuditEvent

register = template.Library()


@register.filter
def how(event: AuditEvent) -> str:
    """By which factors; empty where the event is not about any."""
    return ways.in_words(event)
