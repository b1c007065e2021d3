"""Serve the demonstration review on this machine alone: migrate, load it, start the server.

    .venv/bin/python -m bin.serve

PORT moves it from 8000; DATABASE_URL=postgresql://… keeps its records there rather than in `var/`.
"""

import os
import sys

import django
from django.core.management import call_command
from django.db import connections

WORKERS = 2
THREADS = 4


def prepare() -> None:
    """Migrate, load the demonstration review (which is harmless twice), collect the static files."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo")
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()


def gunicorn(port: str) -> list[str]:
    """The server's command line. Threads share a worker's memory; two workers are plenty for one machine."""
    options = {
        "--bind": f"127.0.0.1:{port}",
        "--workers": str(WORKERS),
        "--threads": str(THREADS),
        "--worker-class": "gthread",
        "--graceful-timeout": "5",
        "--log-level": "warning",
    }
    flags = [part for option in options.items() for part in option]
    return [sys.executable, "-m", "gunicorn", *flags, "--no-control-socket", "kscmp_review.wsgi"]


def main() -> None:
    if os.environ.get("KSCMP_HOSTS"):
        sys.exit("make run serves the demonstration on this machine alone; unset KSCMP_HOSTS to use it")
    port = os.environ.get("PORT", "8000")
    if not port.isdigit():
        sys.exit(f"PORT must be a number, not {port!r}")
    os.environ["KSCMP_LOCAL"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    prepare()
    print(f"\nServing at http://127.0.0.1:{port} (Ctrl-C stops it)", flush=True)
    os.execv(sys.executable, gunicorn(port))


if __name__ == "__main__":
    main()
