#!/usr/bin/env python
"""Django's command line for the positive practice review."""

import os
import sys
from typing import NoReturn

from django.core.management import base, execute_from_command_line


class OneLineParser(base.CommandParser):
    """Refuses wrong arguments as every other error is refused: in one line, with exit status 1."""

    def error(self, message: str) -> NoReturn:
        if not self.called_from_command_line:
            super().error(message)
        self.exit(1, f"CommandError: {message}; see {self.prog} --help\n")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    # What each command makes its parser of: argparse itself would print its whole usage, and exit with 2.
    base.CommandParser = OneLineParser  # type: ignore[misc]
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
