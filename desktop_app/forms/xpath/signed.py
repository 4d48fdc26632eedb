"""``extract-signed``: text out of signed content, if the signature holds (ODK XForms spec, "Utility Functions")."""

from __future__ import annotations

import base64
import binascii

from .context import Context, Value, as_text
from .function import Function

_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
_SIGNATURE = 64
_KEY = 32


def extract_signed(context: Context, values: list[Value]) -> Value:
    """The message after its Ed25519 signature (64 bytes), both in base64, checked with a public key in base64.

    Empty when it is too short, the key is none, or the signature is not by that key.
    """
    # Only the few forms that ask for it load the library.
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    content, key = (_decoded(as_text(value)) for value in values)
    if len(content) < _SIGNATURE or len(key) < _KEY:
        return ""
    message = content[_SIGNATURE:]
    try:
        VerifyKey(key[:_KEY]).verify(message, content[:_SIGNATURE])
    except BadSignatureError:
        return ""
    return message.decode("utf-8", "replace")


def _decoded(text: str) -> bytes:
    """Base64, characters that are none left out; nothing when its length cannot be right (JavaRosa)."""
    kept = bytes(byte for byte in text.encode() if byte in _ALPHABET)
    try:
        return base64.b64decode(kept) if len(kept) % 4 == 0 else b""
    except binascii.Error:
        return b""


SIGNED_FUNCTIONS = {"extract-signed": Function(extract_signed, 2, 2)}
