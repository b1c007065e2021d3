"""What the pages of passkeys hand to their script."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.simple_tag
def passkey_options(options: Any) -> str:
    """What the browser is asked for, as JSON for an attribute: no script may stand in a page."""
    return json.dumps(options, cls=DjangoJSONEncoder)
