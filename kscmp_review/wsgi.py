"""What a web server starts."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")

application = get_wsgi_application()

from kscmp_review.operations import running  # noqa: E402  # once the settings are there

running.serving()
