"""Signatures: Ed25519 over a domain and the bytes, so that no signed thing can pass for one of another kind."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache


class BadSignature(ValueError):
    """This key did not sign these bytes. Whoever asked says what was refused."""


def sign_bytes(domain: bytes, body: bytes, signing_key_seed: bytes) -> bytes:
    """The base64 Ed25519 signature over ``domain + body``. Every kind of signed thing has its own domain."""
    from nacl.signing import SigningKey

    return base64.b64encode(SigningKey(signing_key_seed).sign(domain + body).signature)


def verify_bytes(domain: bytes, body: bytes, signature: bytes, public_key: bytes) -> None:
    """Raises `BadSignature` unless the base64 ``signature`` over ``domain + body`` was made by ``public_key``."""
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(public_key).verify(domain + body, base64.b64decode(signature, validate=True))
    except (BadSignatureError, ValueError, TypeError) as error:
        raise BadSignature from error


def public_key(signing_key_seed: bytes) -> bytes:
    """The Ed25519 public key (32 bytes) of a seed."""
    from nacl.signing import SigningKey

    return bytes(SigningKey(signing_key_seed).verify_key)


@lru_cache(maxsize=1024)
def device_id(public_key: bytes) -> str:
    """The laptop's id: the first 32 hex digits of the SHA-256 of its signing key."""
    return hashlib.sha256(public_key).hexdigest()[:32]
