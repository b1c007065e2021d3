"""How gunicorn serves the program.

    gunicorn --config python:kscmp_review.operations.serving kscmp_review.wsgi:application

Logs go through our own formatter, gunicorn's too; its access log, which writes addresses, stays off.
"""

import os
import shutil
from pathlib import Path
from typing import Any

workers = int(os.environ.get("KSCMP_WORKERS", "4"))
threads = int(os.environ.get("KSCMP_THREADS", "4"))
worker_class = "gthread"
bind = os.environ.get("KSCMP_BIND", "127.0.0.1:8001")
timeout = 60
graceful_timeout = 30
# Longer than the proxy keeps an idle connection (60 seconds): it must not send into one that is closing.
keepalive = 75
# Memory that a worker may have gathered is given back now and then, not in all workers at once.
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
accesslog = None
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"safe": {"()": "kscmp_review.operations.logs.SafeJson"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "safe"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}

if os.environ.get("KSCMP_METRICS_TOKEN"):
    # Two application servers of one machine share KSCMP_VAR, and each tells its own figures.
    os.environ.setdefault(
        "PROMETHEUS_MULTIPROC_DIR",
        str(Path(os.environ.get("KSCMP_VAR", "var")).resolve() / "metrics" / bind.replace(":", "-")),
    )


def on_starting(server: Any) -> None:
    """Count from nothing: files of workers that are gone would be counted in."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
