"""The office's recovery key in three parts on paper, of which any two are enough (SLIP-39).

One part alone tells nothing. Each part is 33 words with a checksum of its own, so that a typing error is told as one.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.errors import KeySlotError

NEEDED, PARTS = 2, 3
_PREFIX = "age-secret-key-"
_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def split(identity: str, needed: int = NEEDED, parts: int = PARTS) -> list[str]:
    """The parts of an age identity (``AGE-SECRET-KEY-1…``), each as words. Raises `KeySlotError` for what is none."""
    from shamir_mnemonic import generate_mnemonics

    [group] = generate_mnemonics(1, [(needed, parts)], _secret_of(identity))
    return list(group)


def check(part: str) -> str:
    """One part, its words in order and in small letters. Raises `KeySlotError` (``E-SHARETYPO``)."""
    from shamir_mnemonic import MnemonicError
    from shamir_mnemonic.share import Share

    words = " ".join(part.lower().split())
    try:
        Share.from_mnemonic(words)
    except MnemonicError as error:
        raise KeySlotError(
            "This part of the rescue key was not typed as it is printed.",
            safe="Nothing was changed.",
            do="Compare it with the sheet, word by word; there are 33.",
            code="E-SHARETYPO",
        ) from error
    return words


def join(parts: Iterable[str]) -> str:
    """The age identity from enough parts. Raises `KeySlotError` (``E-SHARETYPO``, ``E-SHARES``)."""
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    checked = sorted({check(part) for part in parts})
    try:
        secret = combine_mnemonics(checked)
    except MnemonicError as error:
        raise KeySlotError(
            "These parts do not make a rescue key together: there are too few, too many, or they are of different keys.",
            safe="Nothing was changed.",
            do="Bring two different parts that were printed on the same day.",
            code="E-SHARES",
        ) from error
    return _identity_of(secret)


# ---- Bech32 (BIP 173), as age writes its keys ----------------------------------------------------------------------


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check


def _expanded() -> list[int]:
    return [ord(letter) >> 5 for letter in _PREFIX] + [0] + [ord(letter) & 31 for letter in _PREFIX]


def _secret_of(identity: str) -> bytes:
    text = identity.strip().lower()
    values = [_CHARSET.find(letter) for letter in text[len(_PREFIX) + 1 :]]
    if not text.startswith(_PREFIX + "1") or -1 in values or len(values) != 58 or _polymod(_expanded() + values) != 1:
        raise KeySlotError(
            "This is not a rescue key of an office.",
            safe="Nothing was changed.",
            do="It begins with AGE-SECRET-KEY-1; copy all of it.",
            code="E-OFFICEKEYWRONG",
        )
    number = 0
    for value in values[:-6]:
        number = number << 5 | value
    return (number >> 4).to_bytes(32, "big")


def _identity_of(secret: bytes) -> str:
    number = int.from_bytes(secret, "big") << 4
    values = [number >> (5 * place) & 31 for place in range(51, -1, -1)]
    check = _polymod(_expanded() + values + [0] * 6) ^ 1
    values += [check >> (5 * (5 - place)) & 31 for place in range(6)]
    return (_PREFIX + "1" + "".join(_CHARSET[value] for value in values)).upper()
