"""A file for the office opened without this program: only public tools, following the letter inside the file.

The tools are ``age``, ``minisign``, ``unzip`` and what every Unix has; ``packaging/dev.py test`` installs them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from exchange_world import introduce, ready

from desktop_app.exchange.readme import README
from desktop_app.services import key_care, recording, sending
from desktop_app.services.profile import Profile
from desktop_app.services.recording import attach

TOOLS = ("age", "sed", "tail", "minisign", "unzip", "sha256sum")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.fail(
            f"To show that a file can be opened by hand, these programs are needed: {', '.join(missing)}."
            " On Debian or Ubuntu: apt-get install age minisign unzip"
        )
    made = tmp_path / "by hand"
    made.mkdir()
    return made


@pytest.fixture
def letter_commands() -> list[str]:
    """The commands as the letter prints them, one a line, each perhaps followed by what it shows."""
    text = README.decode("utf-8").split("HOW TO OPEN AND CHECK")[1]
    return [re.split(r"\s{2,}", line.strip())[0] for line in text.splitlines() if line.startswith("    ")]


def test_the_letter_s_own_commands_open_and_check_a_file(
    branch: Profile, make_profile: Callable[..., Profile], tmp_path: Path, folder: Path, letter_commands: list[str]
) -> None:
    office = make_profile("National office", role="office")
    introduce(branch, office, tmp_path / "post")
    record = recording.start(branch, "evidence", {"about": {"summary": "“Zoë’s” school waits 31 weeks – 中文 too."}})
    (tmp_path / "minutes.txt").write_text("The minutes.")
    blob = attach(branch, record, tmp_path / "minutes.txt", shows_person="no", question="").blob
    recording.mark_ready(branch, record)
    ready(branch, "A second record.")
    (pack,) = sending.send(branch, folder).packs
    key_care.export_identity(office, folder / "key.txt")
    (sender,) = [each for each in key_care.show(office).devices if each.branch == "Leeds"]

    assert [command.split()[0] for command in letter_commands] == [
        "age", "sed", "sed", "tail", "minisign", "unzip", "sha256sum", "sha256sum",
    ]  # fmt: skip
    shown = ""
    for command in letter_commands:
        line = command.replace("THE-SENDER'S-PUBLIC-KEY", sender.minisign_public_key).replace("FILE", pack.path.name)
        done = subprocess.run(["sh", "-ec", line], cwd=folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        shown += done.stdout
    assert "BRANCH-EVIDENCE PACK 1\n" in shown
    assert "Signature and comment signature verified" in shown
    assert shown.count(": OK") == len(list((folder / "data").rglob("*.*"))) + 1 + 3, (
        "every part, and the three tag files"
    )
    assert (folder / "data" / "blobs" / blob.sha256).read_text() == "The minutes."
    assert (folder / "data" / "README.txt").read_bytes() == README

    header = json.loads(re.search(r"Trusted comment: (.*)", shown).group(1))  # type: ignore[union-attr]
    assert header["branch"] == "Leeds" and header["device_key"] == sender.minisign_public_key
    assert header["counts"] == {"records": 2, "revisions": 2, "blobs": 1, "erasures": 0}
    lines = (folder / "data" / "revisions.jsonl").read_bytes().splitlines()
    stories = {json.loads(line.split(b" ", 1)[1])["answers"]["about"]["summary"] for line in lines}
    assert stories == {"“Zoë’s” school waits 31 weeks – 中文 too.", "A second record."}


def test_one_changed_byte_is_noticed_by_the_public_tools_as_well(
    branch: Profile, make_profile: Callable[..., Profile], tmp_path: Path, folder: Path
) -> None:
    office = make_profile("National office", role="office")
    introduce(branch, office, tmp_path / "post")
    ready(branch)
    (pack,) = sending.send(branch, folder).packs
    key_care.export_identity(office, folder / "key.txt")
    whole = pack.path.read_bytes()
    changed = bytearray(whole)
    changed[-100] ^= 1
    pack.path.write_bytes(changed)
    done = subprocess.run(["age", "-d", "-i", "key.txt", pack.path.name], cwd=folder, capture_output=True, timeout=60)
    assert done.returncode != 0


def test_a_revision_s_name_and_signature_by_its_published_rule(branch: Profile) -> None:
    """record.md "Revision", as the letter tells it, with nothing but hashes and Ed25519."""
    from nacl.signing import VerifyKey

    from desktop_app.storage import revisions

    (signed,) = revisions.of_record(branch.store, ready(branch))
    signature, body = signed.line.split(b" ", 1)
    assert signed.id == "r1:" + hashlib.sha256(b"branch-evidence/revision/1\0" + body).hexdigest()
    VerifyKey(branch.keys.signing_public).verify(
        b"branch-evidence/revision-signature/1\0" + body, base64.b64decode(signature)
    )
