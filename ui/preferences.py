"""What the window remembers about itself before anything is unlocked: look, text size, when to lock, its size.

Kept in ``window.json`` beside the records, readable by anyone: so nothing about the person or the evidence is in it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from desktop_app.errors import WorldError
from desktop_app.paths import ProfilePaths


@dataclass
class Preferences:
    """``look``: system, light or dark. ``text``: 1.0 is normal. ``lock_minutes``: 0 never locks by itself."""

    look: str = "system"
    text: float = 1.0
    lock_minutes: int = 10
    spelling: bool = True
    width: int = 0
    height: int = 0
    maximised: bool = False


def load(paths: ProfilePaths) -> Preferences:
    """What was kept; anything unreadable is the same as nothing kept."""
    try:
        found = json.loads((paths.folder / "window.json").read_text(encoding="utf-8"))
        known = {f.name: f for f in fields(Preferences)}
        made = Preferences()
        for name, value in found.items():
            if name in known and isinstance(value, (int, float) if name == "text" else type(getattr(made, name))):
                setattr(made, name, value)
    except (OSError, ValueError, AttributeError):
        return Preferences()
    made.text = min(max(made.text, 0.9), 2.0)
    if made.look not in ("system", "light", "dark"):
        made.look = "system"
    return made


def save(paths: ProfilePaths, preferences: Preferences) -> None:
    """Keep them. A disk that cannot be written to is no reason to disturb anyone about a window's size."""
    if not paths.folder.exists():
        return
    from desktop_app import files

    try:
        files.write_atomic(paths.folder / "window.json", json.dumps(asdict(preferences)).encode())
    except WorldError:
        return
