"""`keys`: the public keys of this computer and of those it knows; taking out the identity that opens its files."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_app.cli.answer import Answer, table
from desktop_app.cli.common import common_options, records, say


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
