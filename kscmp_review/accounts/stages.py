"""The step of signing in at which the second factor is shown."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

SHOWN_ELSEWHERE = "second_factor_shown_elsewhere"
"""Set on the request by the page that a provider sends people back to, for this one sign-in."""


class SecondFactorStage(AuthenticateStage):
    def _should_handle(self, request: HttpRequest) -> bool:
        if getattr(request, SHOWN_ELSEWHERE, False):
            return False
        return bool(super()._should_handle(request))
