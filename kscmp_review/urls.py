"""Every address of the house."""

from django.urls import include, path

from kscmp_review.operations.metrics import metrics
from kscmp_review.operations.probes import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include("kscmp_review.accounts.urls")),
    path("", include("cases.urls")),
    path("", include("themes.urls")),
]

handler429 = "kscmp_review.accounts.views.held_back.too_many_tries"  # of allauth
handler500 = "kscmp_review.operations.probes.server_error"
