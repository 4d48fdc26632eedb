"""Pictures as they enter the records: their pixels, upright, and nothing else - no place, camera, date or thumbnail."""

from __future__ import annotations

import io
import struct
import zlib

from desktop_app.errors import RecordError

MOST_PIXELS = 120_000_000
"""More than any telephone takes; unpacked it is half a gigabyte."""
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")
_KINDS = ("JPEG", "PNG", "TIFF", "WEBP")
_CLOSED = (".heic", ".heif", ".avif", ".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf")
"""Endings of pictures that say where and when they were taken, in ways nothing here can read."""
# Besides kinds of its own, what Pillow's readers let through for files that are damaged or made to do harm.
_UNREADABLE = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError,
    EOFError, NotImplementedError, MemoryError, struct.error, zlib.error,
)  # fmt: skip


def without_camera_data(data: bytes, suffix: str) -> bytes:
    """A picture made anew from its pixels; any other file as it is. ``suffix``: the ending of its name, in small letters.

    What it is is told by its first bytes, since a name may say anything. Raises `RecordError` for a picture that cannot
    be read, has more than `MOST_PIXELS`, or is of a kind whose place and camera data cannot be taken out here.
    """
    if _is_picture(data):
        return _made_anew(data)
    if suffix in _CLOSED:
        raise RecordError(
            "A picture of this kind says where and when it was taken, and that cannot be removed here.",
            safe="It was not added.",
            do="Save it as a JPEG in a picture program, and attach that file.",
        )
    return data


def _is_picture(data: bytes) -> bool:
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith(_BEGINNINGS)


def _made_anew(data: bytes) -> bytes:
    from PIL import Image, ImageOps

    try:
        # Only the readers of these kinds: for others Pillow starts programs, such as Ghostscript.
        with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            # A telephone's JPEG may be a pair of pictures ("MPO"); the first is kept.
            kind = "JPEG" if picture.format == "MPO" else str(picture.format)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
        clean = Image.new(upright.mode, upright.size)
        if upright.mode == "P":
            clean.putpalette(upright.getpalette() or [])
        clean.paste(upright)
        out = io.BytesIO()
        clean.save(out, kind, **({"quality": 92} if kind == "JPEG" else {}))
    except (*_UNREADABLE, Image.DecompressionBombError) as problem:
        raise RecordError(
            "This picture cannot be read, so its camera and place data cannot be removed.",
            safe="It was not added.",
            do="Open it in a picture program, save it anew, and attach that file.",
        ) from problem
    return out.getvalue()
