"""The most memory a process has had that does one job: python -m tests.bench.memory export-csv REVIEW

Prints bytes. The file written goes to nowhere, so that what is measured is the making of it.
"""

import os
import sys
from pathlib import Path

import django

from tests.processes import bytes_held


def main(job: str, slug: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    django.setup()
    from cases.exports import unmoving, write_ranking
    from cases.models import Review
    from cases.ranking import rank_review

    review = Review.objects.get(slug=slug)
    with unmoving(), Path(os.devnull).open("wb") as nowhere:
        write_ranking(rank_review(review), job.removeprefix("export-"), nowhere)
    peak = bytes_held("self", at="VmHWM")
    assert peak, "this system does not say how much memory a process had"
    print(peak)


if __name__ == "__main__":
    main(*sys.argv[1:])
