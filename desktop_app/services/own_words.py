"""The words a person added to the dictionary: names of places and people's trades, so kept encrypted with the records."""

from __future__ import annotations

import json

from .profile import Profile

_SETTING = "own_words"


def own_words(profile: Profile) -> list[str]:
    """The words added here, in the order they were added."""
    found: list[str] = json.loads(profile.store.setting(_SETTING) or "[]")
    return found


def add_word(profile: Profile, word: str) -> None:
    """Add a word to the dictionary; adding it twice is the same as once."""
    words = own_words(profile)
    if word not in words:
        with profile.store.atomic():
            profile.store.set_setting(_SETTING, json.dumps([*words, word], ensure_ascii=False))
