"""Running pandoc: in its sandbox, with nothing of our environment, and with a bound on its time."""

import subprocess
from collections.abc import Sequence
from functools import cache

SECONDS = 60


class FormatError(Exception):
    """A report could not be made in a format; the message says why."""


def pandoc(arguments: Sequence[str], source: bytes) -> bytes:
    """What pandoc writes for `source`. FormatError when it fails or takes too long."""
    try:
        finished = subprocess.run(
            [_program(), "--sandbox", *arguments],
            input=source,
            capture_output=True,
            env={},
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FormatError(f"pandoc did not run: {type(error).__name__}") from error
    if finished.returncode:
        raise FormatError(f"pandoc stopped: {finished.stderr.decode(errors='replace').strip()}")
    return finished.stdout


@cache
def _program() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_path())
