"""The files of a released version: made once, kept byte for byte, given away as they are (docs/adr/0032)."""

import hashlib

from themes.models import ReportFile, ReportVersion
from themes.report.document import document_of


def freeze(version: ReportVersion) -> dict[str, str]:
    """Make and keep every format; returns format → digest. FormatError says what stands in the way."""
    made = document_of(version).contents()
    digests = {file_format: digest_of(content) for file_format, content in made.items()}
    ReportFile.objects.bulk_create(
        ReportFile(version=version, file_format=name, content=content, digest=digests[name])
        for name, content in made.items()
    )
    return digests


def content_of(version: ReportVersion, file_format: str) -> bytes:
    """The kept file; made anew only for a version that is not released, or was before files were kept."""
    kept = version.files.filter(file_format=file_format).first()
    return bytes(kept.content) if kept is not None else document_of(version).content(file_format)


def digest_of(content: bytes) -> str:
    """SHA-256 in hex, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()
