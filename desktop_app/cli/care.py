"""`backup`, `restore`, `check`, `passphrase`, `erase`: keeping records sound, and getting rid of them."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_app.cli.answer import Answer
from desktop_app.cli.common import common_options, local_file, read_bytes, read_passphrase, records, session


@click.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE")
@common_options
def backup(out: Path) -> Answer:
    """Write one encrypted file with everything in it, and open it again to be sure. Keep it on another drive."""
    from desktop_app.services import keeping

    with records() as profile:
        keeping.backup(profile, out)
    size = out.stat().st_size
    return Answer({"path": str(out), "bytes": size}, f"{out}  {size / 1000:.0f} kB, opened again and found whole.")


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR")
@common_options
def restore(file: str, into: Path) -> Answer:
    """Unpack a backup into a new folder. It opens with the passphrase or spare key of the day it was made."""
    from desktop_app.services import keeping

    keeping.restore(local_file(file, "the backup"), into, known=session().paths)
    return Answer({"path": str(into)}, f"Restored into {into}. Open it with: branch-evidence --profile {into}")


@click.command()
@click.option("--full", is_flag=True, help="Read every attachment and check every signature as well.")
@common_options
def check(full: bool) -> Answer:
    """Look whether the records are sound. Exit status 1 when something is not."""
    from desktop_app.services import keeping

    with records() as profile:
        found = keeping.check(profile, full=full)
    return Answer({"sound": not found, "problems": found}, "\n".join(found) or "Sound.", status=1 if found else 0)


@click.group()
@common_options
def passphrase() -> None:
    """Change the passphrase, or set a new one with the spare key."""


@passphrase.command()
@click.option("--new-passphrase-file", metavar="F", help="Else it is asked for.")
@common_options
def change(new_passphrase_file: str | None) -> Answer:
    """Set a new passphrase. The spare key stays the same."""
    from desktop_app.services import profile as profiles

    old = read_passphrase(prompt="Passphrase until now")
    opened = profiles.unlock(session().paths, passphrase=old)
    try:
        new = read_passphrase(new=True, file=new_passphrase_file, prompt="New passphrase")
        profiles.change_passphrase(opened, new, old=old)
    finally:
        opened.close()
    return Answer({"changed": True}, "The passphrase is changed. Older backups still open with the old one.")


@passphrase.command()
@click.option("--spare-key-file", metavar="F", help="Else it is asked for; with --office-file the groups read out.")
@click.option("--office-file", metavar="F", help="The file the office sent to help you back in.")
@click.option("--new-passphrase-file", metavar="F", help="Else it is asked for.")
@common_options
def recover(spare_key_file: str | None, office_file: str | None, new_passphrase_file: str | None) -> Answer:
    """Set a new passphrase with the spare key on paper, or with the office's file and the groups it reads out."""
    from desktop_app.services import profile as profiles
    from desktop_app.services import rescue

    if office_file is not None:
        rescue.take_office_file(session().paths, read_bytes(office_file, "the file from the office"))
    spare_key = read_passphrase(file=spare_key_file, prompt="Spare key" if office_file is None else "Eight groups")
    opened = profiles.unlock(session().paths, spare_key=spare_key)
    try:
        new = read_passphrase(new=True, file=new_passphrase_file, prompt="New passphrase")
        rescue.change_passphrase(opened, spare_key, new)
    finally:
        opened.close()
    return Answer({"changed": True}, "The passphrase is changed.")


@click.command()
@click.argument("record_id", metavar="ID")
@click.option("--code", type=click.Choice(["asked", "mistake", "not-needed", "officer"]), required=True)
@click.option("--files-too", is_flag=True, help="Also delete the files made here that hold it; they can be made again.")
@common_options
def erase(record_id: str, code: str, files_too: bool) -> Answer:
    """Delete a record for good, everywhere. There is no undo. The reason is a code, never words.

    Here it is gone at once; the office and the branch's other laptops delete it with the next file or reply they add.
    """
    from desktop_app.services import erasing

    with records() as profile:
        officer = erasing.before(profile, record_id).officer if code in erasing.RING_FIRST else ""
        done = erasing.erase(profile, record_id, code, files_too=files_too)
    lines = ["Deleted for good."]
    if code in erasing.RING_FIRST:
        lines.append(f"Ring the data protection officer{f': {officer}' if officer else ''}.")
    if done.travels:
        lines.append("The next file (at the office: the next reply) tells the other side to delete it too: make one now.")
    lines += [f"Still holds it: {path}" for path in done.files_left]
    if done.backup_problem:
        lines.append(f"The old backups could not be removed yet: {done.backup_problem}")
    lines.append("Backups you made yourself still hold it: make a new one and delete those.")
    return Answer(done.as_json(), "\n".join(lines))
