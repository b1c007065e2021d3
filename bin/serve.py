"""Serve the demonstration review on this machine alone: migrate, load it, start the server.

    .venv/bin/python -m bin.serve

PORT moves it from 8000; DATABASE_URL=postgresql://… keeps its records there rather than in `var/`.
"""

import os
import sys

import django
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections
from gunicorn.app.base import BaseApplication

from kscmp_review.operations import running

WORKERS = 2
THREADS = 4


def prepare() -> None:
    """Migrate, load the demonstration review (which is harmless twice), collect the static files."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("demo")
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()


class Server(BaseApplication):
    """Gunicorn in this process: its workers share what was loaded to prepare, so that they start at once."""

    def __init__(self, port: str) -> None:
        self.settings = {
            "bind": f"127.0.0.1:{port}",
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "graceful_timeout": 5,
            "loglevel": "warning",
            "preload_app": True,
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        application = get_wsgi_application()
        running.serving()
        return application


def main() -> None:
    if os.environ.get("KSCMP_HOSTS"):
        sys.exit("make run serves the demonstration on this machine alone; unset KSCMP_HOSTS to use it")
    port = os.environ.get("PORT", "8000")
    if not port.isdigit():
        sys.exit(f"PORT must be a number, not {port!r}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    try:
        prepare()
    except (CommandError, DatabaseError) as error:
        sys.exit(f"make run: {error}")
    print(f"\nServing at http://127.0.0.1:{port} (Ctrl-C stops it)", flush=True)
    Server(port).run()


if __name__ == "__main__":
    main()
