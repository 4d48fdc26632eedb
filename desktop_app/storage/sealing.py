"""Sealing with XChaCha20-Poly1305: the data key in a slot, and what was typed last where the database has no room."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from desktop_app.storage import slot_file

_SLOT_DOMAIN = b"branch-evidence/slot/1\0"
_TYPED_DOMAIN = b"branch-evidence/typed/1\0"


def wrap(kind: str, wrapping: bytes, data_key: bytes) -> dict[str, str]:
    """The members ``nonce`` and ``box`` of a slot of this kind: the data key under ``wrapping``."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    nonce = os.urandom(24)
    box = encrypt(data_key, _SLOT_DOMAIN + kind.encode(), nonce, wrapping)
    return {"nonce": slot_file.text_of(nonce), "box": slot_file.text_of(box)}


def unwrap(slot: dict[str, Any], wrapping: bytes) -> bytes | None:
    """The data key, or `None` when the key does not fit. The slot's own sum was checked before: it is not damaged.

    Raises `KeySlotError` E-KEYDAMAGED for a slot that was never one.
    """
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError

    try:
        domain = _SLOT_DOMAIN + str(slot["kind"]).encode()
        return decrypt(slot_file.bytes_of(slot["box"]), domain, slot_file.bytes_of(slot["nonce"]), wrapping)
    except CryptoError:
        return None
    except (KeyError, TypeError, ValueError) as error:
        raise slot_file.damaged() from error


def _typed_key(data_key: bytes) -> bytes:
    return hashlib.blake2b(data_key, digest_size=32, person=b"be-typed/1").digest()


def seal(data_key: bytes, plain: bytes) -> bytes:
    """Bytes that only whoever has the data key opens again, and that notice every change of them."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    nonce = os.urandom(24)
    return nonce + encrypt(plain, _TYPED_DOMAIN, nonce, _typed_key(data_key))


def unseal(data_key: bytes, sealed: bytes) -> bytes | None:
    """What `seal` was given, or `None` when these bytes are damaged or belong to other records."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError

    try:
        return decrypt(sealed[24:], _TYPED_DOMAIN, sealed[:24], _typed_key(data_key))
    except (CryptoError, ValueError, TypeError):
        return None
