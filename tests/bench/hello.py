"""The reference of the pages: our settings, all our middleware, and one page that says hello to anybody.

    DJANGO_SETTINGS_MODULE=tests.bench.hello gunicorn kscmp_review.wsgi:application

Whoever asks brings no session, so that nothing is read from the database.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from kscmp_review.settings import *  # noqa: F403  # a settings file is all of another but for a line

ROOT_URLCONF = __name__


@login_not_required
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world")


urlpatterns: list[URLPattern] = [path("", hello)]
