"""What every page is given: the house's name and, inside a review, its tabs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    return {"organisation_name": settings.ORGANISATION_NAME, "service_name": settings.SERVICE_NAME}


def review_navigation(request: HttpRequest) -> dict[str, Any]:
    return {}
