"""`keys`: the public keys of this computer and of those it knows; its own secret; and the office's rescue key."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_app.cli.answer import Answer, table
from desktop_app.cli.common import common_options, read_bytes, records, say


@click.group()
@common_options
def keys() -> None:
    """The public keys of this computer and of those it knows."""


@keys.command()
@common_options
def show() -> Answer:
    """The public keys: enough to check a file by hand with minisign."""
    from desktop_app.services import key_care

    with records() as profile:
        known = key_care.show(profile)
    data = {
        "devices": [
            {"id": device.id, "name": device.name, "minisign_public_key": device.minisign_public_key}
            for device in known.devices
        ],
        "recipients": known.recipients,
    }
    rows = [[device.minisign_public_key, device.name, device.id] for device in known.devices]
    text = "Signing keys (minisign -P):\n" + table(rows) + "\n\nFiles are written for (age -r):\n"
    return Answer(data, text + "\n".join(known.recipients))


@keys.command()
@click.option("--identity", "out", type=click.Path(path_type=Path), required=True, metavar="OUT")
@common_options
def export(out: Path) -> Answer:
    """Write the age identity that opens this computer's files. Whoever has it can read them all."""
    from desktop_app.services import key_care

    say(
        "Whoever has this file can read every file made on, or for, this computer. "
        "Keep it off other computers, and delete it when you have done."
    )
    with records() as profile:
        recipient = key_care.export_identity(profile, out)
    return Answer({"path": str(out), "recipient": recipient}, f"Written to {out}; it opens what is for {recipient}.")


_PARTS = click.argument("parts", nargs=-1, required=True, metavar="PART_FILE...")


@keys.command()
@_PARTS
@common_options
def drill(parts: tuple[str, ...]) -> Answer:
    """At the office: try two parts of the rescue key, each in a file of its own. Nothing is unlocked."""
    from desktop_app.services import office_keys

    given = read_parts(parts)
    with records() as profile:
        done = office_keys.drill(profile, given)
    data = {"opened": done.opened, "of": done.of, "current": done.current, "due": done.due}
    if not done.current:
        return Answer(data, "The parts are right, but of an earlier key. Keep them, and try two of the newest.")
    return Answer(data, f"The parts are right; they open what {done.of} laptops left here. To be tried again by {done.due}.")


@keys.command()
@click.option("--rescue-only", is_flag=True, help="Only the rescue key: the one that files are made for stays.")
@common_options
def renew(rescue_only: bool) -> Answer:
    """At the office: new keys. Branches take them with the next reply; what was made for the earlier ones is still read."""
    from desktop_app.services import office_keys

    with records() as profile:
        made = office_keys.renew(profile, rescue_only=rescue_only)
    say("The parts are shown this once.")
    lines = [f"List of keys {made.number}; the six words stay: {made.words}", ""]
    lines += [f"Part {number}: {part}" for number, part in enumerate(made.parts, 1)]
    return Answer({"number": made.number, "words": made.words, "recovery_parts": list(made.parts)}, "\n".join(lines))


def read_parts(paths: tuple[str, ...]) -> list[str]:
    """The words of each part, from its file."""
    return [read_bytes(path, "a part of the rescue key").decode("utf-8", errors="replace") for path in paths]
