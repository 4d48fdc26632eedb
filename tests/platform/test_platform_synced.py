"""Folders that are copied elsewhere are recognised; plain ones are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.platform import current, synced
from desktop_app.platform.fake import FakePlatform
from desktop_app.platform.linux import LinuxPlatform
from desktop_app.platform.macos import MacPlatform
from desktop_app.platform.windows import WindowsPlatform


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("Dropbox/union", "Dropbox"),
        ("OneDrive - National Union/Documents", "OneDrive"),
        ("Google Drive/My Drive/x", "Google Drive"),
        ("Nextcloud", "Nextcloud"),
        ("Library/Mobile Documents/com~apple~CloudDocs/x", "iCloud Drive"),
        ("Documents/union", None),
        ("boxes/of/papers", None),
    ],
)
def test_by_name(folder: str, service: str | None, tmp_path: Path):
    path = tmp_path / folder
    path.mkdir(parents=True)
    assert synced.by_name_or_mark(path, tmp_path) == service


@pytest.mark.parametrize(
    ("mark", "service"), [(".stfolder", "Syncthing"), (".sync_4f2a.db", "Nextcloud"), (".dropbox", "Dropbox")]
)
def test_by_mark(mark: str, service: str, tmp_path: Path):
    (tmp_path / "shared" / "records").mkdir(parents=True)
    (tmp_path / "shared" / mark).touch()
    assert synced.by_name_or_mark(tmp_path / "shared" / "records", tmp_path) == service


def test_a_mark_in_the_home_folder_is_not_about_the_home_folder(tmp_path: Path):
    (tmp_path / ".dropbox").mkdir()
    assert synced.by_name_or_mark(tmp_path / "Documents", tmp_path) is None


def test_a_folder_that_is_not_there_yet_is_judged_by_those_above(tmp_path: Path):
    assert synced.by_name_or_mark(tmp_path / "Dropbox" / "new" / "deep", tmp_path) == "Dropbox"


def test_network_drive_is_the_deepest_mount():
    share = "/mnt/our\\040share"
    mounts = f"/dev/sda1 / ext4 rw 0 0\nnas:/home {share} nfs4 rw 0 0\n/dev/sdb1 {share}/local ext4 rw 0 0"
    assert synced.network_drive(Path("/mnt/our share/records"), mounts) == "a network drive"
    assert synced.network_drive(Path("/mnt/our share/local/records"), mounts) is None
    assert synced.network_drive(Path("/home/sam"), mounts) is None


def test_windows_known_folder_redirected(tmp_path: Path):
    assert synced.by_environment(tmp_path / "Documents", {"OneDrive": str(tmp_path)}) == "OneDrive"
    assert WindowsPlatform().is_synced(Path("\\\\server\\share\\records")) == "a network drive"


def test_macos_documents_in_icloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert MacPlatform().is_synced(tmp_path / "Documents" / "union") is None
    (tmp_path / "Library/Mobile Documents/com~apple~CloudDocs/Documents").mkdir(parents=True)
    assert MacPlatform().is_synced(tmp_path / "Documents" / "union") == "iCloud Drive"


def test_plain_folder_here(tmp_path: Path):
    assert current().is_synced(tmp_path) is None


@pytest.mark.parametrize("platform", [LinuxPlatform(), WindowsPlatform(), MacPlatform(), FakePlatform()])
def test_every_system_says_when_to_lock(platform):
    if platform.name != "fake":
        assert platform.lock_signals
    assert all(signal.name for signal in platform.lock_signals)
