"""A reader of packs written from the published page alone (resources/help/pack-format.md).

It needs Python, pyrage and PyNaCl, and nothing of this project; it is published with the page so that anybody can check
a file, or write a reader in another language by following this one. It is strict where the page is strict::

    python independent_reader.py KEYFILE FILE [FOLDER]

``KEYFILE`` holds a line ``AGE-SECRET-KEY-1…``. Everything is checked before anything is shown; with a FOLDER the parts
are written there. Exit status 0: the file is whole and signed. 1: it is not; the class of failure is printed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import struct
import sys
import zlib
from pathlib import Path

import nacl.exceptions
import nacl.signing
import pyrage

LIMIT = 1_000_000_000
NAMES = re.compile(
    r"bagit\.txt|bag-info\.txt|manifest-sha256\.txt|tagmanifest-sha256\.txt|data/README\.txt"
    r"|data/[a-z][a-z0-9-]{0,40}\.(jsonl|json|txt)"
    r"|data/forms/[0-9a-f]{64}\.json|data/reference/[0-9a-f]{64}\.csv|data/blobs/[0-9a-f]{64}"
)


class Refused(Exception):
    """``args[0]`` is the class of failure, one of the codes of the page."""


def decrypt(data: bytes, identities: list[str]) -> bytes:
    if len(data) > LIMIT:
        raise Refused("E-TOOBIG", "larger than 1 GB")
    magic = b"age-encryption.org/v1\n"
    if not data.startswith(magic):
        raise Refused("E-TRUNCATED" if magic.startswith(data) else "E-NOTAGE", "not an age file")
    out = io.BytesIO()
    try:
        pyrage.decrypt_io(io.BytesIO(data), out, [pyrage.x25519.Identity.from_str(each) for each in identities])
    except (pyrage.DecryptError, OSError) as error:
        if "No matching keys" in str(error):
            raise Refused("E-NOTFORUS", "no key matches") from None
        # What was released before the failure is thrown away.
        raise Refused("E-DAMAGED", "damaged or cut short") from None
    return out.getvalue()


def public_key(text: bytes) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if len(raw) != 42 or raw[:2] != b"Ed" or raw[2:10] != hashlib.sha256(raw[10:]).digest()[:8]:
        raise Refused("E-FORGED", "not a signing key")
    return raw[10:]


def split_head(plaintext: bytes, own_recipients: set[str]) -> tuple[dict, bytes, bytes]:
    """The header, the signing key and the payload, in the order of the page's section 3."""
    lines = plaintext.split(b"\n", 6)
    if lines[0] != b"BRANCH-EVIDENCE PACK 1":
        newer = re.fullmatch(rb"BRANCH-EVIDENCE PACK [0-9]{1,9}", lines[0])
        raise Refused("E-NEWER" if newer else "E-NOTPACK", "another kind of file")
    try:
        _, untrusted, signature, trusted, over_all, empty, payload = lines
        key = public_key(untrusted.removeprefix(b"untrusted comment: branch-evidence device key "))
        named = base64.b64decode(signature, validate=True)
        header_text = trusted.removeprefix(b"trusted comment: ")
        if empty or len(named) != 74 or named[:2] != b"ED" or named[2:10] != hashlib.sha256(key).digest()[:8]:
            raise Refused("E-FORGED", "no signature of the right kind")
        verify = nacl.signing.VerifyKey(key).verify
        verify(hashlib.blake2b(payload, digest_size=64).digest(), named[10:])
        verify(named[10:] + header_text, base64.b64decode(over_all, validate=True))
    except (ValueError, nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError):
        raise Refused("E-FORGED", "the signature does not hold") from None
    if len(header_text) > 4000:
        raise Refused("E-TOOBIG", "header over 4 kB")
    header = json.loads(header_text)
    if header.get("format") != "branch-evidence-pack":
        raise Refused("E-HEADER", "no header")
    if header.get("major") != 1 or header.get("critical") != []:
        raise Refused("E-NEWER", "made by a newer version")
    if header["device"] != hashlib.sha256(key).hexdigest()[:32]:
        raise Refused("E-FORGED", "another device's name")
    if header["payload_len"] != len(payload) or header["payload_sha256"] != hashlib.sha256(payload).hexdigest():
        raise Refused("E-FORGED", "another payload")
    if not own_recipients & set(header["recipients"]):
        raise Refused("E-NOTFORUS", "made for somebody else")
    return header, key, payload


def unzip(data: bytes) -> dict[str, bytes]:
    """The members of the strict ZIP of the page's section 4."""
    if len(data) < 22:
        raise Refused("E-ZIP", "no end record")
    magic, disk, disk2, here, total, length, offset, comment = struct.unpack("<4s4H2LH", data[-22:])
    if magic != b"PK\5\6" or disk or disk2 or comment or here != total or offset + length + 22 != len(data):
        raise Refused("E-ZIP", "unusual end record")
    found: dict[str, bytes] = {}
    at, position = offset, 0
    for _ in range(total):
        fields = struct.unpack("<4s6H3L5H2L", data[at : at + 46])
        (
            magic,
            _by,
            needed,
            flags,
            method,
            time,
            date,
            crc,
            packed,
            size,
            name_len,
            extra,
            note,
            disk,
            _inner,
            outer,
            start,
        ) = fields
        name = data[at + 46 : at + 46 + name_len]
        local = (
            struct.pack("<4s5H3L2H", b"PK\3\4", needed, flags, method, time, date, crc, packed, size, name_len, 0)
            + name
        )
        regular = (outer >> 28) in (0, 8)
        if magic != b"PK\1\2" or needed > 20 or flags or method not in (0, 8) or extra or note or disk or not regular:
            raise Refused("E-ZIP", "unusual entry")
        if start != position or data[start : start + len(local)] != local:
            raise Refused("E-ZIP", "directory and part differ")
        if size > 65536 and size > 100 * packed:
            raise Refused("E-TOOBIG", "unpacks to far too much")
        at, position = at + 46 + name_len, start + len(local) + packed
        content = data[position - packed : position]
        if method == 8:
            unpacker = zlib.decompressobj(-15)
            try:
                content = unpacker.decompress(content, size + 1)
            except zlib.error:
                raise Refused("E-ZIP", "cannot be unpacked") from None
            if not unpacker.eof or unpacker.unused_data:
                raise Refused("E-ZIP", "does not end where it says")
        text = name.decode("ascii", "replace")
        if len(content) != size or zlib.crc32(content) != crc or text.lower() in (known.lower() for known in found):
            raise Refused("E-ZIP", "checksum, size or second name")
        found[text] = content
    if at != len(data) - 22 or position != offset:
        raise Refused("E-ZIP", "bytes that belong to nothing")
    return found


def check_bag(parts: dict[str, bytes]) -> None:
    for name in parts:
        if not NAMES.fullmatch(name):
            raise Refused("E-BAG", "a name that is not allowed")
    payload = {name for name in parts if name.startswith("data/")}
    tags = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}
    if not tags | {"tagmanifest-sha256.txt"} <= set(parts):
        raise Refused("E-BAG", "a tag file is missing")
    if parts["bagit.txt"] != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        raise Refused("E-BAG", "not BagIt 1.0")
    for manifest, names in (("tagmanifest-sha256.txt", tags), ("manifest-sha256.txt", payload)):
        listed = dict(reversed(line.split("  ", 1)) for line in parts[manifest].decode("ascii").splitlines())
        if set(listed) != names or any(hashlib.sha256(parts[name]).hexdigest() != listed[name] for name in names):
            raise Refused("E-BAG", "a part is missing, extra or changed")
    for name in payload:
        if (
            name.startswith(("data/blobs/", "data/reference/"))
            and Path(name).stem != hashlib.sha256(parts[name]).hexdigest()
        ):
            raise Refused("E-BAG", "a name that is not its hash")


def no_duplicates(pairs: list[tuple[str, object]]) -> dict:
    if len(dict(pairs)) != len(pairs):
        raise Refused("E-REVISION", "a name stands twice")
    return dict(pairs)


def revisions(parts: dict[str, bytes], keys: dict[str, bytes]) -> dict[str, dict]:
    """Revision id to revision, signatures checked for the devices whose keys are given."""
    found = {}
    for line in parts.get("data/revisions.jsonl", b"").splitlines():
        signature, _, body = line.partition(b" ")
        revision = json.loads(body, object_pairs_hook=no_duplicates)
        if revision["device"] in keys:
            try:
                nacl.signing.VerifyKey(keys[revision["device"]]).verify(
                    b"branch-evidence/revision-signature/1\0" + body, base64.b64decode(signature)
                )
            except nacl.exceptions.BadSignatureError:
                raise Refused("E-FORGED", "a revision's signature does not hold") from None
        found["r1:" + hashlib.sha256(b"branch-evidence/revision/1\0" + body).hexdigest()] = revision
    return found


def read(data: bytes, identities: list[str]) -> tuple[dict, dict[str, bytes], dict[str, dict]]:
    """Header, parts and revisions of a pack. Raises `Refused`."""
    own = {str(pyrage.x25519.Identity.from_str(each).to_public()) for each in identities}
    header, key, payload = split_head(decrypt(data, identities), own)
    parts = unzip(payload)
    check_bag(parts)
    if json.loads(parts["data/registration.json"])["device"] != header["device"]:
        raise Refused("E-FORGED", "registered as another device")
    return header, parts, revisions(parts, {header["device"]: key})


def main(arguments: list[str]) -> int:
    key_file, file, *folder = arguments
    identities = [line for line in Path(key_file).read_text().split() if line.startswith("AGE-SECRET-KEY-1")]
    try:
        header, parts, found = read(Path(file).read_bytes(), identities)
    except Refused as refused:
        print(*refused.args)
        return 1
    print(json.dumps({"header": header, "parts": sorted(parts), "revisions": sorted(found)}, indent=1))
    for name, content in parts.items() if folder else ():
        target = Path(folder[0], name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
