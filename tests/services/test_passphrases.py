"""How hard a passphrase is to guess, in a number and in words."""

from __future__ import annotations

from desktop_app.services.passphrases import strength


def test_strength_is_told_in_words() -> None:
    assert strength("").score == 0
    assert strength("password").score == 0
    assert strength("curious scared golden priority cluster").score == 4
    assert strength("x" * 10_000).sentence
