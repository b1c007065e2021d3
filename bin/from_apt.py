"""Bring Debian's packages that some tests need, where this account may install packages."""

import os
import shutil
import subprocess

QUICK_TO_GIVE_UP = ("-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30")
LONGEST_SECONDS = 600

CHROMIUM = ("chromium", "fonts-liberation")
NGINX = ("nginx-light",)
PGBOUNCER = ("pgbouncer",)
JAVA = ("default-jre-headless",)
OFFICE = ("libreoffice-writer-nogui", "poppler-utils", "fonts-liberation")


def _as_root() -> list[str] | None:
    """What to put before a command to run it as root; None where that needs a password or cannot be."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def can_install() -> bool:
    """Whether apt is here and this account may use it without a password."""
    return shutil.which("apt-get") is not None and _as_root() is not None


def install(packages: tuple[str, ...]) -> str:
    """Install the packages by apt. Returns why it could not be done; empty where it was."""
    before = [*(_as_root() or []), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *QUICK_TO_GIVE_UP]
    print(f"installing {packages[0]} by apt", flush=True)
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        try:
            finished = subprocess.run([*before, *step], timeout=LONGEST_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return f"apt-get {step[0]} took more than {LONGEST_SECONDS} seconds"
        if finished.returncode:
            return f"apt-get {step[0]} failed"
    return ""
