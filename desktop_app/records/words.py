"""Words to read over the telephone, and a passphrase of five: from the SLIP-39 list, 1,024 short words that differ in
their first four letters."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

_BITS_A_WORD = 10


@cache
def _words() -> tuple[str, ...]:
    from shamir_mnemonic.wordlist import WORDLIST

    return tuple(WORDLIST)


def six_words(data: bytes) -> str:
    """Six words for a key: sixty bits of its SHA-256, to compare by telephone."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:8], "big") >> 4
    words = _words()
    return " ".join(words[number >> (_BITS_A_WORD * place) & 1023] for place in range(5, -1, -1))


def suggestion(count: int = 5) -> str:
    """A passphrase of random words: fifty bits, behind Argon2id out of reach of guessing."""
    return " ".join(secrets.choice(_words()) for _ in range(count))
