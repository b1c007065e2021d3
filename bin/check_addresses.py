"""Refuse files that say where packages come from: each machine sets that for itself.

    .venv/bin/python -m bin.check_addresses

No file may name a package registry's host, and a lock file may hold no address of any kind. Looks at every
file that is committed or about to be. Exit status 1 and one line for each fault.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Written in pieces, so that this file does not name them either.
HOSTS = tuple(
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    )
)
LOCK_FILE = re.compile(r"(^|/)requirements/[^/]+\.(txt|in)$|(^|/)package(-lock)?\.json$|(^|/)\.npmrc$")
ADDRESS = re.compile(
    r"://|\bfile:|\bresolved\"|--(?:extra-)?index-url|--find-links|^registry\s*=", re.MULTILINE
)


def faults_in(name: str, text: str) -> Iterator[str]:
    """Each fault of one file, as `name:line: why`."""
    for number, line in enumerate(text.splitlines(), start=1):
        for host in HOSTS:
            if host in line.lower():
                yield f"{name}:{number}: names a package registry's host"
        if LOCK_FILE.search(name) and ADDRESS.search(line):
            yield f"{name}:{number}: a lock file may hold no address"


def tree() -> list[str]:
    """The files that are committed or would be, by name from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    )
    return sorted({name for name in listed.stdout.decode().split("\0") if name})


def main() -> int:
    faults: list[str] = []
    for name in tree():
        path = Path(name)
        if path.is_file():
            faults += faults_in(name, path.read_text(encoding="utf-8", errors="replace"))
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
