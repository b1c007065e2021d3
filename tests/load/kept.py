"""What was accepted and is not there: python -m tests.load.kept ACCEPTED.json prints a line each."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django

Accepted = dict[str, str]


def lost(accepted: list[Accepted]) -> Iterator[str]:
    from cases.liberi import decrypt
    from cases.models import Case, Decision
    from themes.models import Finding, Tag

    sealed = Case.objects.filter(review__slug__startswith="load-open").values_list(
        "liberi_id_sealed", flat=True
    )
    there = {
        "case": {decrypt(each) for each in sealed},
        "finding": set(Finding.objects.values_list("text", flat=True)),
        "tag": set(Tag.objects.values_list("passage__finding__text", flat=True)),
        "decision": set(Decision.objects.values_list("reason", flat=True)),
    }
    # Of decisions on one case the last one stands.
    last = {each["case"]: each for each in accepted if each["kind"] == "decision"}
    for each in [*(one for one in accepted if one["kind"] != "decision"), *last.values()]:
        what = each.get("number") or each.get("text") or each["reason"]
        if what not in there[each["kind"]]:
            yield f"{each['kind']}: {what}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    django.setup()
    print(*lost(json.loads(Path(sys.argv[1]).read_text())), sep="\n")
