"""Build the files of docs/example-report again, from the demonstration review.

    .venv/bin/python -m bin.example_report

The review is loaded into a database of its own, which is thrown away. Where nothing has changed, no file
does.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command
from django.db import connections

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "example-report"
OURS = ("KSCMP_", "DATABASE_URL")


def main() -> None:
    with TemporaryDirectory(prefix="kscmp-example-") as folder:
        for name in [name for name in os.environ if name.startswith(OURS)]:
            del os.environ[name]
        os.environ.update(KSCMP_VAR=folder, DJANGO_SETTINGS_MODULE="kscmp_review.settings")
        django.setup()
        call_command("migrate", verbosity=0)
        try:
            build(FOLDER)
        finally:
            connections.close_all()


def build(folder: Path) -> None:
    """Write every file, saying which are new; one that is no longer made is taken away."""
    from themes.demonstration.example import example_of, files_of
    from themes.demonstration.load import load

    review = load().review
    made = files_of(example_of(review), review.slug)
    folder.mkdir(parents=True, exist_ok=True)
    for stale in {path.name for path in folder.iterdir()} - {*made, "README.md"}:
        (folder / stale).unlink()
    for name, content in made.items():
        path = folder / name
        same = path.is_file() and path.read_bytes() == content
        print(f"{'as it was' if same else 'written'}: {path.relative_to(folder.parent.parent)}")
        path.write_bytes(content)


if __name__ == "__main__":
    main()
