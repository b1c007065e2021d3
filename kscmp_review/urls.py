"""Every address of the house."""

from django.urls import include, path

from kscmp_review.views import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("kscmp_review.accounts.urls")),
    path("", include("cases.urls")),
    path("", include("themes.urls")),
]
