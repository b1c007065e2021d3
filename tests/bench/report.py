"""The demonstration's report in all five formats, cold, beside a bound of one second.

Each turn is a process of its own that has started as the service does and made no report yet: its time is
that of reading the review, importing what writes the formats, and writing them. Modules are compiled
beforehand, as where the service is installed.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter

from tests.bench.timing import Row, measure

BOUND = 1.0
SECONDS = 12.0


def rows() -> Iterator[Row]:
    from themes.demonstration.load import load

    load()
    in_new_process()  # compiles what is not compiled yet
    yield measure(
        "report, five formats, cold (beside the bound)",
        in_new_process,
        lambda: BOUND,
        goal=1,
        seconds=SECONDS,
    )


def in_new_process() -> float:
    """The seconds that the process says it took."""
    command = [sys.executable, "-m", "tests.bench.report"]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PYTHONPYCACHEPREFIX": f"{environ['KSCMP_VAR']}/compiled"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environ)
    return float(done.stdout)


def seconds_of_all() -> float:
    """Every format of the only review, the first time in this process."""
    from cases.models import Review
    from themes.demonstration.example import example_of, files_of
    from themes.report.formats import FORMATS

    review = Review.objects.get()
    began = perf_counter()
    made = files_of(example_of(review), review.slug)
    taken = perf_counter() - began
    if len(made) != len(FORMATS) or not all(made.values()):
        raise ValueError("a format of the report is missing or empty")
    return taken


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    django.setup()
    print(seconds_of_all())
