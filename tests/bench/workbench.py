"""Our side of the tagging benchmark: one case with the text as a finding, served by gunicorn.

    python -m tests.bench.workbench PORT

migrates and fills the database of KSCMP_VAR, prints where everything is as one line of JSON, and serves.
"""

import json
import sys


def fill() -> dict[str, object]:
    """The text, its themes and passages; the session of a reviewer."""
    from django.conf import settings
    from django.test import Client

    from tests.bench.long_text import THEMES, material
    from tests.themes import build
    from themes.models import Finding, Passage, Tag

    made = material()
    home = build.house()
    themes = [build.theme(home, name) for name in THEMES]
    finding = build.finding(home, made.text)
    assert Finding.objects.get(pk=finding.pk).text == made.text  # nosec B101
    passages = Passage.objects.bulk_create(
        Passage(
            case=home.cases[0],
            finding=finding,
            start=each.start,
            end=each.end,
            marked_by=home.reviewer,
        )
        for each in made.passages
    )
    Tag.objects.bulk_create(
        Tag(passage=passage, theme=themes[theme], tagged_by=home.reviewer)
        for passage, each in zip(passages, made.passages, strict=True)
        for theme in each.themes
    )
    client = Client()
    client.force_login(home.reviewer)
    return {
        "session": [settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value],
        "review": home.review.slug,
        "case": home.cases[0].public_id,
        "text": finding.public_id,
        "themes": [theme.slug for theme in themes],
    }


def main() -> None:
    import django
    from django.core.management import call_command
    from django.db import connections

    from bin.serve import Server

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(json.dumps(fill()), flush=True)
    connections.close_all()
    Server(sys.argv[1]).run()


if __name__ == "__main__":
    main()
