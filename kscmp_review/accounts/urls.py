"""Signing in and out, and the account's own password. Nothing by which a stranger makes an account."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.account.urls"))]
