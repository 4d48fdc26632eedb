"""ODK: the submissions of the records as XML, each in a folder of its own with its attachments, in one ZIP.

The layout is the one ODK Briefcase and Collect use on disk: `instances/<form>/<uuid>/submission.xml` and its media, and
`forms/<form>/<version>/` with the XForm and its lists.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from desktop_app.errors import UsageProblem
from desktop_app.files import AtomicWriter, write_atomic
from desktop_app.forms.definition import FormDefinition
from desktop_app.storage import blobs

from .profile import Profile
from .recording import OpenRecord, session_for


def submission(profile: Profile, record: OpenRecord) -> bytes:
    """One record as its form's submission; answers hidden by relevance are left out, as ODK does."""
    return session_for(record, profile.clock()).submission_xml()


def write(profile: Profile, records: Iterator[OpenRecord], out: Path) -> Iterator[int]:
    """Write the ZIP, or for ``out`` ending in `.xml` the one submission, yielding how many records are written.

    Raises `UsageProblem` for an `.xml` of several records and `FileProblem`.
    """
    if out.suffix.lower() == ".xml":
        first, many = None, 0
        for record in records:
            first, many = first or record, many + 1
        if first is None or many != 1:
            raise UsageProblem(
                f"An .xml file holds one submission; {many} records were chosen.",
                do="Choose one record, or a name that ends in .zip.",
            )
        write_atomic(out, submission(profile, first))
        yield 1
        return
    count = 0
    forms: dict[str, FormDefinition] = {}
    with AtomicWriter(out) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for record in records:
            count += 1
            forms.setdefault(record.form.package, record.form)
            folder = f"instances/{_safe(record.form.id)}/uuid{record.id}"
            archive.writestr(f"{folder}/submission.xml", submission(profile, record))
            for name, digest in _names(record):
                if blobs.has(profile.store, digest):
                    archive.writestr(f"{folder}/{name}", b"".join(blobs.read(profile.store, digest)))
            yield count
        for form in forms.values():
            folder = f"forms/{_safe(form.id)}/{_safe(form.version or 'unversioned')}"
            archive.writestr(f"{folder}/{_safe(form.id)}.xml", form.xml)
            for name, data in form.lists.items():
                archive.writestr(f"{folder}/{_safe(form.id)}-media/{_safe(name)}", data)


def _safe(name: str) -> str:
    """A member name that cannot lead out of its folder."""
    return re.sub(r"[^\w.\- ]", "_", name).lstrip(".") or "file"


def _names(record: OpenRecord) -> Iterator[tuple[str, str]]:
    """A name for each attachment, numbered where two are the same."""
    taken: set[str] = {"submission.xml"}
    for blob in record.content.blobs:
        name = _safe(blob.name)
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{number}-{_safe(blob.name)}"
        taken.add(name.lower())
        yield name, blob.sha256
