"""`send`, `receive`, `office-card`, `devices`, `verify`: the files that travel, and whom they are accepted from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.answer import Answer, table
from desktop_app.cli.common import common_options, local_file, records, say, session
from desktop_app.errors import UsageProblem

if TYPE_CHECKING:
    from desktop_app.services.receiving import Import


@click.command("office-card")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT.officecard")
@common_options
def office_card(out: Path) -> Answer:
    """Write the office's card. Send it to the branches; they compare the six words with you by telephone."""
    from desktop_app.services import contacts

    with records() as profile:
        words = contacts.office_card(profile, out).words
    return Answer({"words": words, "path": str(out)}, f"Written to {out}.\nSix words to compare by telephone: {words}")


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--split-mb", type=click.IntRange(1, 500), default=18, show_default=True, metavar="N")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR")
@common_options
def send(ids: tuple[str, ...], split_mb: int, out: Path) -> Answer:
    """Write the file for the office, with everything that is ready, or only the records named. It is then e-mailed."""
    from desktop_app.services import sending

    with records() as profile:
        result = sending.send(profile, out, list(ids) or None, split_mb)
    lines = [f"{pack.path}  {pack.records} records, {pack.bytes / 1000:.0f} kB" for pack in result.packs]
    lines += [f"Stays here: {held.id}: {held.why}" for held in result.held]
    if result.packs:
        say("Made, and read back. E-mail it, and add the reply when it comes: only that says the office has it.")
    return Answer(result.as_json(), "\n".join(lines) or "There is nothing to send.")


@click.command()
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--preview", is_flag=True, help="Say what would be added, and change nothing.")
@click.option("--reply", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write replies there.")
@click.option("--undo", metavar="IMPORT", help="Take out again what one import added.")
@click.option("--confirm-words", is_flag=True, help="I have compared the six words of this card with the office.")
@common_options
def receive(
    files: tuple[str, ...], preview: bool, reply: Path | None, undo: str | None, confirm_words: bool
) -> Answer:
    """Add files from branches or the office: files for the office, replies, cards, or folders of them."""
    from desktop_app.services import receiving

    if undo is not None:
        if files:
            raise UsageProblem("--undo takes no files.", do="Leave the files out.")
        with records() as profile:
            touched = receiving.undo(profile, undo)
        text = f"{len(touched)} records are as they were before. Add the file again to bring it back."
        return Answer({"import": undo, "undone": True, "records": touched}, text)
    if not files:
        raise UsageProblem("No file was named.", do="Name the files or folders to add.")
    paths = [local_file(name, "a file") for name in files]
    if len(paths) == 1 and not preview and _is_card(paths[0]):
        from desktop_app.services import contacts

        with records() as profile:
            words = contacts.add_office_card(profile, paths[0], confirmed=confirm_words).words
        note = "" if confirm_words else "\nCompare them with the office by telephone before you send anything."
        return Answer({"words": words}, f"The office's six words: {words}{note}")
    with records() as profile:
        if preview:
            return _received(receiving.preview(profile, paths))
        return _received(receiving.receive(profile, paths, reply, confirm_words=confirm_words))


def _is_card(path: Path) -> bool:
    from desktop_app.exchange.cards import looks_like_card

    if path.is_dir():
        return False
    with path.open("rb") as file:
        return path.suffix == ".officecard" or looks_like_card(file.read(65536))


def _received(result: Import) -> Answer:
    data = result.as_json()
    rows = [
        [
            Path(str(f["path"])).name,
            f["outcome"],
            f["code"] or "",
            f"{f['new']} new, {f['changed']} changed, {f['same']} known",
            f"{f['two_versions']} with two versions" if f["two_versions"] else "",
            f"{f['waiting']} waiting" if f["waiting"] else "",
        ]
        for f in data["files"]
    ]
    text = table(rows, "No file of ours was found.")
    if data["import"] is not None:
        text += f"\n\nTo take it out again: branch-evidence receive --undo {data['import']}"
    text += "".join(f"\nReply to send back: {path}" for path in data["replies"])
    for file in result.files:
        for sentence in (file.what, file.safe, file.do):
            if sentence:
                say(sentence)
    refused = any(file.outcome == "refused" for file in result.files)
    return Answer(data, text, status=1 if refused else 0)


@click.group(invoke_without_command=True)
@common_options
@click.pass_context
def devices(ctx: click.Context) -> Answer | None:
    """The computers whose files are waiting, accepted or stopped."""
    return _devices() if ctx.invoked_subcommand is None else None


def _devices(do: str = "", device: str = "", reply: Path | None = None) -> Answer:
    from desktop_app.services import key_care, receiving

    added: dict[str, Any] = {}
    with records() as profile:
        if do == "accept":
            added = receiving.accept_device(profile, device, reply).as_json()
        elif do == "stop":
            receiving.stop_device(profile, device)
        known = key_care.show(profile).devices
    data = [
        {
            "id": d.id,
            "name": d.name,
            "branch": d.branch,
            "words": d.words,
            "state": d.state,
            "minisign_public_key": d.minisign_public_key,
        }
        for d in known
    ]
    text = table([[d["state"], d["branch"], d["name"], d["words"], d["id"]] for d in data])
    for file in added.get("files", []):
        text += f"\nWaited until now: {Path(file['path']).name}: {file['outcome']}, {file['new']} new"
    return Answer({"devices": data, **added}, text)


@devices.command()
@click.argument("device", metavar="ID")
@click.option("--reply", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write replies there.")
@common_options
def accept(device: str, reply: Path | None) -> Answer:
    """Accept a computer's files, after its six words were compared by telephone. What waited is added."""
    return _devices("accept", device, reply)


@devices.command()
@click.argument("device", metavar="ID")
@common_options
def stop(device: str) -> Answer:
    """Stop accepting a computer's files, for example because it was lost."""
    return _devices("stop", device)


@devices.command("help")
@click.argument("device", metavar="ID")
@click.argument("parts", nargs=-1, required=True, metavar="PART_FILE...")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR")
@common_options
def help_back_in(device: str, parts: tuple[str, ...], out: Path) -> Answer:
    """Help somebody back in who forgot the passphrase and had agreed, with two parts of the rescue key."""
    from desktop_app.cli.keys import read_parts
    from desktop_app.files import make_dirs
    from desktop_app.services import rescue

    given = read_parts(parts)
    make_dirs(out)
    with records() as profile:
        made = rescue.help_branch(profile, device, given, out)
    say("The groups are shown this once. Read them out by telephone, never beside the file.")
    return Answer({"path": str(made.path), "groups": made.groups}, f"{made.path}\nGroups to read out: {made.groups}")


@click.command()
@click.argument("file", metavar="FILE")
@common_options
def verify(file: str) -> Answer:
    """Check a file without adding it. Without a passphrase: only what can be seen from outside."""
    from desktop_app.services import receiving

    path = local_file(file, "the file")
    if session().passphrase_file is None:
        data = receiving.verify(None, path)
        say("Seen from outside only; give --passphrase-file to check what is inside.")
    else:
        with records() as profile:
            data = receiving.verify(profile, path)
    rows = [[name.replace("_", " "), str(value)] for name, value in data.items() if not isinstance(value, dict | list)]
    return Answer(data, table(rows))
