"""One subject's rows, measured in a process of its own: python -m tests.bench.child MODULE

The database is named by the environment as for the service. Each row goes to standard output as a line of
JSON; whatever else is said goes to standard error.
"""

import importlib
import json
import os
import sys

import django
from django.core.management import call_command


def main(module: str) -> None:
    out, sys.stdout = sys.stdout, sys.stderr
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    for row in importlib.import_module(f"tests.bench.{module}").rows():
        print(json.dumps(row), file=out, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
