"""Compile every template of the project, so that a mistake in one shows before somebody opens its page.

    .venv/bin/python -m bin.check_templates

Exit status 1 and one line for each template that does not compile.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template


def names(folder: Path) -> list[str]:
    """The names by which the templates under `folder` are loaded."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def faults() -> list[str]:
    """Each template that does not compile, and why."""
    found = []
    for name in names(settings.BASE_DIR / "templates"):
        try:
            get_template(name)
        except (TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError) as error:
            found.append(f"{name}: {type(error).__name__}: {error}")
    return found


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    django.setup()
    found = faults()
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
