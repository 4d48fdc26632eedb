"""Attachments: taken in with camera and place data removed, checked for names, opened in a private folder."""

from __future__ import annotations

import io
import mimetypes
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app import files
from desktop_app.errors import NotFound, RecordError
from desktop_app.records.privacy import Finding, findings
from desktop_app.records.revision import BlobRef
from desktop_app.storage import blobs

from .content import Content
from .inside import words_inside
from .profile import Profile

LARGEST = 25 * 1024 * 1024
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF", "image/webp": "WEBP"}
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
    for one that is not there.
    """
    if shows_person not in SHOWS_PERSON:
        raise RecordError(
            "Say whether the file shows a child or a person who has not agreed.", safe="It was not added."
        )
    data, kind = _read(path)
    digest, length = blobs.put(profile.store, data, path.name, kind)
    blob = BlobRef(digest, length, path.name, kind, shows_person, question)
    kept = tuple(b for b in content.blobs if (b.sha256, b.question) != (digest, question))
    text = words_inside(data, path.name, kind)
    attached = Attached(blob, text is not None, tuple(findings(f"{path.stem}\n{text or ''}", where=path.name)))
    return replace(content, blobs=(*kept, blob)), attached


def detach(content: Content, sha256: str) -> Content:
    """The same content without that attachment; the bytes go when nothing names them any more."""
    return replace(content, blobs=tuple(blob for blob in content.blobs if blob.sha256 != sha256))


def open_copy(profile: Profile, blob: BlobRef) -> Path:
    """A copy for another program, in the private folder that is wiped when the records close."""
    if not blobs.has(profile.store, blob.sha256):
        raise NotFound(
            f"“{blob.name}” is not on this computer.",
            safe="The record is whole.",
            do="Its owner keeps it: attachments that show a person do not travel.",
        )
    suffix = Path(blob.name).suffix.lower()
    safe_suffix = suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ""
    target = profile.paths.opened / f"{blob.sha256[:16]}{safe_suffix}"
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
    data = path.read_bytes()
    return (_without_camera_data(data, _PICTURES[kind]), kind) if kind in _PICTURES else (data, kind)


def _without_camera_data(data: bytes, kind: str) -> bytes:
    """The picture's pixels, upright, and nothing else: no place, camera, date or thumbnail."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as problem:
        raise RecordError(
            "This picture cannot be read, so its camera and place data cannot be removed.",
            safe="It was not added.",
            do="Open it in a picture program, save it anew, and attach that file.",
        ) from problem
    clean = Image.new(upright.mode, upright.size)
    if upright.mode == "P":
        clean.putpalette(upright.getpalette() or [])
    clean.paste(upright)
    out = io.BytesIO()
    if kind == "JPEG":
        clean.save(out, kind, quality=92)
    else:
        clean.save(out, kind)
    return out.getvalue()
