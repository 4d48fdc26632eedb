"""Folders that another program copies elsewhere: known by where they are, by their name, or by a mark they hold."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# A folder of this name anywhere above is taken for the service's (case does not matter).
NAMES = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "iclouddrive": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "com~apple~clouddocs": "iCloud Drive",
    "mobile documents": "iCloud Drive",
    "cloudstorage": "a cloud drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box": "Box",
    "box sync": "Box",
    "mega": "MEGA",
    "megasync": "MEGA",
    "pclouddrive": "pCloud",
    "insync": "Insync",
    "syncthing": "Syncthing",
}
# A file or folder of this pattern in any folder above marks it.
MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".sync_*.db": "Nextcloud",
    "._sync_*.db": "Nextcloud",
    ".owncloudsync.log*": "Nextcloud",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
}
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone"}


def by_name_or_mark(path: Path, home: Path) -> str | None:
    """The service that owns `path`, from the names and marks of its folders up to the root.

    `home` itself holds marks of programs that sync another folder (`~/.dropbox`), so it is not looked into.
    """
    whole = path.expanduser().absolute()
    for folder in (whole, *whole.parents):
        name = folder.name.lower()
        if name in NAMES:
            return NAMES[name]
        # "OneDrive - National Union" is how a work account is called.
        if name.startswith("onedrive - "):
            return "OneDrive"
        if folder == home or not os.path.isdir(folder):  # False, not an error, for a name no disk takes
            continue
        for mark, service in MARKS.items():
            if next(folder.glob(mark), None) is not None:
                return service
    return None


def by_environment(path: Path, environment: Mapping[str, str]) -> str | None:
    """OneDrive says where its folders are in the environment; the known folders may be redirected there."""
    whole = path.expanduser().absolute()
    for variable in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):
        root = environment.get(variable)
        if root and whole.is_relative_to(Path(root)):
            return "OneDrive"
    return None


def network_drive(path: Path, mounts: str) -> str | None:
    """A network drive, from the text of `/proc/self/mounts`: SQLite's locks cannot be trusted there."""
    whole = path.expanduser().absolute()
    deepest, kind = Path("/"), ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        where = Path(fields[1].replace("\\040", " "))
        if whole.is_relative_to(where) and len(where.parts) >= len(deepest.parts):
            deepest, kind = where, fields[2]
    return "a network drive" if kind in NETWORK_FILE_SYSTEMS else None
