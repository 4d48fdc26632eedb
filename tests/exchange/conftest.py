"""A sender, an office and a folder for every test of the room."""

from __future__ import annotations

from pathlib import Path

import pytest
from pack_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
