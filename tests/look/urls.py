"""The addresses of the program, and those of the pages that show its look."""

from django.urls import include, path

from tests.look import views

urlpatterns = [
    path("look/everything/", views.everything, name="look_everything"),
    path("look/laid-out/", views.laid_out, name="look_laid_out"),
    path("look/parts/", views.parts, name="look_parts"),
    path("look/confirmed/", views.confirmed, name="look_confirmed"),
    path("look/broken/<int:status>/", views.broken, name="look_broken"),
    path("", include("kscmp_review.urls")),
]
