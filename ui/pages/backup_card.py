"""A card of the settings: a backup now, a second place for all of them, and whether everything is whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ui import dialogs
from ui.context import AppContext
from ui.pages.home_data import second_place_words
from ui.pages.setting_card import SettingCard
from ui.widgets import button, flow, label
from ui.words import long_date

if TYPE_CHECKING:
    from desktop_app.services.keeping import SecondPlace
    from desktop_app.services.profile import Profile


class BackupCard(SettingCard):
    """What a person does about backups; the program makes its own as well."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(
            app, "Backup", "One encrypted file with everything in it. It is opened once to be sure before it counts."
        )
        self.add(flow([button("Make a backup…", self.make), button("Look for damage", self.check)]))
        self.finish()
        self.kept = label("", "muted", select=True)
        self.add(self.kept)
        self.add(flow([button("Copy every backup to a second place…", self.second_place, "link")]))

    def show_kept(self, made: str, place: SecondPlace | None) -> None:
        """When the last one was made ("" for never), and where copies go."""
        words = "The program makes a backup by itself when you open your records and something changed. "
        words += f"The last one is of {long_date(made[:10])}." if made else "There is none yet."
        self.kept.setText(f"{words} {second_place_words(place) if place else 'Choose a second place for a copy.'}")

    def make(self) -> None:
        """A backup where the person says."""
        path = dialogs.save_file(
            self, "Make a backup", f"Branch Evidence {datetime.now():%Y-%m-%d}.branchbackup", "Backup (*.branchbackup)"
        )
        if path is None:
            return
        self.app.flush()

        def work(profile: Profile) -> object:
            from desktop_app.services import keeping

            return keeping.backup_steps(profile, path)

        def done(_nothing: None) -> None:
            self.say(f"Backed up and read back: {path.name}.", True)

        self.work(work, done, "Making the backup, and opening it once…", stops=True)

    def second_place(self) -> None:
        """Another drive, where every backup is copied from now on."""
        folder = dialogs.choose_folder(self, "A folder on another drive, for a copy of every backup")
        if folder is None:
            return

        def work(profile: Profile) -> object:
            from desktop_app.services import keeping

            keeping.set_second_place(profile, folder)
            return keeping.keep_safe_steps(profile, "now")

        def done(written: list[Path]) -> None:
            if any(path.parent == folder.absolute() for path in written):
                self.say(f"Every backup is copied to {folder} from now on, when that drive is there.", True)
            else:
                why = "Is there room, and may you write there?"
                self.say(f"The backup was made, but no copy could be written to {folder}. {why}", False)

        self.work(work, done, "Making the first backup there, and opening it once…")

    def check(self) -> None:
        """Read everything once."""

        def work(profile: Profile) -> object:
            from desktop_app.services import keeping

            return keeping.check_steps(profile)

        def done(found: list[str]) -> None:
            self.say(" ".join(found) if found else "Everything is whole.", not found)

        self.work(work, done, "Reading everything once…", stops=True)
