"""Sending: what goes, what stays and why; made, read back, noted; never more than is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.errors import PackError, RecordError
from desktop_app.exchange.container import open_pack
from desktop_app.services import receiving, recording, sending
from desktop_app.services.profile import Profile


def evidence(words: str = "First requests are refused as a rule.", **about: str) -> dict[str, object]:
    return {"about": {"summary": words, "area": "one_authority", "authorities": "383", **about}}


@pytest.fixture
def office(make_profile) -> Profile:  # type: ignore[no-untyped-def]
    return make_profile("National office", role="office")


@pytest.fixture
def linked(branch: Profile, office: Profile, tmp_path: Path) -> Profile:
    card = tmp_path / "office.officecard"
    receiving.office_card(office, card)
    receiving.add_office_card(branch, card)
    return branch


def test_all_the_way(linked: Profile, office: Profile, tmp_path: Path) -> None:
    added = recording.add_record(linked, "evidence", evidence(), state="ready")
    out = sending.send(linked, tmp_path / "out")
    assert [each.number for each in out.packs] == [1]

    got = receiving.receive(office, [out.packs[0].path], tmp_path / "replies")

    (waiting,) = [each for each in receiving.devices(office) if each.state == "waiting"]
    got = receiving.accept_device(office, waiting.id, tmp_path / "replies")

    assert recording.open_record(office, added.id).content.answers["about"]["summary"].startswith("First")
    back = receiving.receive(linked, got.replies)

