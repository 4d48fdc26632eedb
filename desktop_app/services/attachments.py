"""Attachments: taken in with camera and place data removed, checked for names, opened in a private folder."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app import files
from desktop_app.errors import NotFound, RecordError
from desktop_app.records.privacy import Finding, findings
from desktop_app.records.revision import BlobRef
from desktop_app.records.strict_json import clean_text
from desktop_app.storage import blobs

from .content import Content
from .inside import words_inside
from .pictures import without_camera_data
from .profile import Profile

LARGEST = 25 * 1024 * 1024
OPENED = frozenset(
    (".pdf", ".doc", ".docx", ".odt", ".rtf", ".txt", ".md", ".csv", ".tsv", ".xls", ".xlsx", ".ods", ".ppt", ".pptx",
     ".odp", ".pages", ".numbers", ".key", ".eml", ".msg", ".ics", ".vcf", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif",
     ".tiff", ".webp", ".mp3", ".m4a", ".wav", ".ogg", ".opus", ".aac", ".amr", ".flac", ".mp4", ".m4v", ".mov", ".avi",
     ".mkv", ".webm", ".3gp", ".zip")
)  # fmt: skip
"""Endings of the files that are handed to their programs: documents, pictures, sound and letters. Anything else may be a
program itself, or a page that calls somewhere, and its name was chosen by whoever sent it."""
SHOWS_PERSON = ("no", "yes", "not_sure")


@dataclass(frozen=True)
class Attached:
    """What came of taking a file in. ``checked`` is False when its text could not be read (a scan, a picture)."""

    blob: BlobRef
    checked: bool
    findings: tuple[Finding, ...]


def take_in(profile: Profile, content: Content, path: Path, *, shows_person: str, question: str) -> tuple[Content, Attached]:
    """Copy a file into the records; answers ``content`` with the file hung on it, and what came of it.

    ``shows_person``: no, yes or not_sure (both stay here). Raises `RecordError` for a file that is too large, `NotFound`
    for one that is not there, `FileProblem`.
    """
    if shows_person not in SHOWS_PERSON:
        raise RecordError(
            "Say whether the file shows a child or a person who has not agreed.", safe="It was not added."
        )
    data, kind = _read(path)
    name = clean_text(path.name)
    digest, length = blobs.put(profile.store, data, name, kind)
    blob = BlobRef(digest, length, name, kind, shows_person, question)
    kept = tuple(b for b in content.blobs if (b.sha256, b.question) != (digest, question))
    text = words_inside(data, name, kind)
    attached = Attached(blob, text is not None, tuple(findings(f"{Path(name).stem}\n{text or ''}", where=name)))
    return replace(content, blobs=(*kept, blob)), attached


def detach(content: Content, sha256: str) -> Content:
    """The same content without that attachment; the bytes go when nothing names them any more."""
    return replace(content, blobs=tuple(blob for blob in content.blobs if blob.sha256 != sha256))


def open_copy(profile: Profile, blob: BlobRef) -> Path:
    """A copy for another program, in the private folder that is wiped when the records close.

    Raises `NotFound`; `RecordError` for a kind that is not `OPENED`; `FileProblem`.
    """
    if not blobs.has(profile.store, blob.sha256):
        raise NotFound(
            f"“{blob.name}” is not on this computer.",
            safe="The record is whole.",
            do="Its owner keeps it: attachments that show a person do not travel.",
        )
    suffix = Path(blob.name).suffix.lower()
    if suffix not in OPENED:
        raise RecordError(
            f"“{blob.name}” is not a kind of file that is opened from here: it could be a program.",
            safe="It is kept with the record as it came.",
            do="Ask whoever attached it for a PDF or a picture of it.",
        )
    target = profile.paths.opened / f"{blob.sha256[:16]}{suffix}"
    files.make_dirs(profile.paths.opened)
    files.write_atomic(target, b"".join(blobs.read(profile.store, blob.sha256)))
    return target


def _read(path: Path) -> tuple[bytes, str]:
    if not path.is_file():
        raise NotFound(f"There is no file “{path.name}”.", safe="Nothing was added.", do="Choose it again.")
    if path.stat().st_size > LARGEST:
        raise RecordError(
            f"“{path.name}” is larger than 25 MB.",
            safe="Nothing was added, and the file is where it was.",
            do="Attach the pages that matter, or note where the file can be found.",
            code="E-TOOBIG",
        )
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise files.problem(error, path) from error
    return without_camera_data(data, path.suffix.lower()), kind
