"""A server that has started and shown the page to sign in has not read what only some work needs."""

import subprocess
import sys
from pathlib import Path

import pytest

from bin.run_tests import environment

# What reads or writes sheets, reports and pictures, knows names and numbers, or makes up people. What allauth
# reads for the ways to sign in, such as fido2 and requests, is read by every server.
HEAVY = (
    "numpy", "pandas", "python_calamine", "xlsxwriter", "pypandoc", "typst", "fontTools", "phonenumbers",
    "faker", "markdown_it", "jwt", "qrcode",
)  # fmt: skip
SERVE = f"""
import sys
from wsgiref.util import setup_testing_defaults
from kscmp_review.wsgi import application

told = []
asked = {{"PATH_INFO": "/accounts/login/"}}
setup_testing_defaults(asked)
page = b"".join(application(asked, lambda status, headers: told.append(status)))
assert told == ["200 OK"] and b"Password" in page, (told, page[:300])
print(*[name for name in {HEAVY} if name in sys.modules])
"""


def heavy_after(script: str, folder: Path) -> list[str]:
    """The heavy libraries that a new process has read once it has carried out the script."""
    env = {**environment(), "KSCMP_VAR": str(folder), "KSCMP_PLAIN_STATIC": "1"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_nothing_heavy_is_read_for_the_page_to_sign_in(tmp_path: Path) -> None:
    assert heavy_after(SERVE, tmp_path) == []


@pytest.mark.parametrize("name", ["pandas", "xlsxwriter"])
def test_the_control_a_library_that_was_read_is_noticed(name: str, tmp_path: Path) -> None:
    assert name in heavy_after(f"import {name}\n{SERVE}", tmp_path)
