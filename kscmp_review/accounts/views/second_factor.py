"""allauth's pages of the second factor, each in one transaction with its event."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.totp.views import deactivate_totp as deactivate
from allauth.mfa.webauthn import views as webauthn
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from kscmp_review.accounts import code_forms, second_factor
from kscmp_review.accounts.models import Session
from kscmp_review.accounts.recording import record_about_account
from kscmp_review.accounts.views.access import person


class YourAccount(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = person(self.request)
        number = Session.objects.of(user).count()
        return {
            **super().get_context_data(**kwargs),
            "second_factor_missing": second_factor.is_demanded_of(user) and not second_factor.is_set_up(user),
            "session_words": "In 1 browser" if number == 1 else f"In {number} browsers",
        }


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """allauth asks nobody whether a passkey may go; ours may be the last second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            form.add_error(None, get_adapter().error_messages["cannot_delete_authenticator"])
            refused: HttpResponse = self.form_invalid(form)
            return refused
        response: HttpResponse = super().form_valid(form)
        return response


class RenamePasskey(webauthn.EditWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        """What it is called is typed, and so in no event."""
        response: HttpResponse = super().form_valid(form)
        _record_own("account.passkey renamed", self.request)
        return response


class NewRecoveryCodes(recovery_codes.GenerateRecoveryCodesView):
    def form_valid(self, form: Any) -> HttpResponse:
        """allauth takes the earlier ones away and adds others: one thing is done, and one event says so."""
        with second_factor.told_together():
            response: HttpResponse = super().form_valid(form)
        _record_own("account.recovery codes made", self.request)
        return response


class AddAuthenticatorApp(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        """The code by which the app was added signs nobody in afterwards."""
        response: HttpResponse = super().form_valid(form)
        added = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        code_forms.spend(added, form.cleaned_data["code"])
        return response


def _record_own(action: str, request: HttpRequest) -> None:
    by = person(request)
    record_about_account(action, by, by=by)


your_account = YourAccount.as_view()
activate_totp = transaction.atomic(AddAuthenticatorApp.as_view())
deactivate_totp = transaction.atomic(deactivate)
generate_recovery_codes = transaction.atomic(NewRecoveryCodes.as_view())
add_webauthn = transaction.atomic(webauthn.add_webauthn)
remove_webauthn = transaction.atomic(RemovePasskey.as_view())
edit_webauthn = transaction.atomic(RenamePasskey.as_view())
