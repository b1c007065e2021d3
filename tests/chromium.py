"""Where this machine's Chromium is, and how the tests start it."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def find_chromium() -> str | None:
    """The path of Chromium: what KSCMP_CHROMIUM names, or the first of its usual names found on PATH."""
    configured = os.environ.get("KSCMP_CHROMIUM")
    if configured:
        return shutil.which(configured)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def launch_arguments() -> list[str]:
    """Keep Chromium off the network; root has no sandbox to start it in."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
