"""The reference of a worker's memory: Django and one page that says hello, with nothing else installed.

DJANGO_SETTINGS_MODULE=tests.bench.bare gunicorn kscmp_review.wsgi:application
"""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

SECRET_KEY = "of a server that lives for a minute"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = __name__
VAR_DIR = os.environ["KSCMP_VAR"]


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world")


urlpatterns: list[URLPattern] = [path("", hello)]
