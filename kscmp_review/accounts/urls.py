"""Signing in and out, and what an account's owner sees to. Nothing by which a stranger makes an account.

allauth's pages for changing e-mail addresses and for sign-in codes are left out: an administrator sets the
address, and a code by e-mail would be a second, weaker way in.
"""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from kscmp_review.accounts.views import invitations, people, second_factor, sessions, work_account

KEY = "security/passkeys/<int:pk>/"

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", sessions.sign_out, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # Closed by the adapter; allauth's own pages point at it.
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sessions/", sessions.sessions, name="account_sessions"),
    path("security/", second_factor.your_account, name="mfa_index"),
    path("security/code/", mfa.authenticate, name="mfa_authenticate"),
    path("security/code/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("security/app/", second_factor.activate_totp, name="mfa_activate_totp"),
    path("security/app/remove/", second_factor.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "security/recovery-codes/new/",
        second_factor.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("security/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("security/passkeys/add/", second_factor.add_webauthn, name="mfa_add_webauthn"),
    path("security/passkeys/again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("security/passkeys/sign-in/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(f"{KEY}rename/", second_factor.edit_webauthn, name="mfa_edit_webauthn"),
    path(f"{KEY}remove/", second_factor.remove_webauthn, name="mfa_remove_webauthn"),
    path("invitation/", invitations.invitation, name="account_invitation"),
    path("invitation/<str:token>/", invitations.invitation_link, name="account_invitation_link"),
    path("people/", people.people, name="accounts_list"),
    path("people/invitations/", people.invited, name="accounts_invitations"),
    path("people/invitations/<int:pk>/<slug:step>/", people.invited_step, name="accounts_invitation_step"),
    path("people/audit/", people.audit, name="accounts_audit"),
    path("people/<int:pk>/", people.person, name="accounts_one"),
    path("people/<int:pk>/<slug:step>/", people.person_step, name="accounts_step"),
    # As the provider's adapter names them.
    path("provider/<slug:provider_id>/", work_account.to_provider, name="openid_connect_login"),
    path("provider/<slug:provider_id>/back/", work_account.from_provider, name="openid_connect_callback"),
]
