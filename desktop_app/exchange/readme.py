"""The letter in every pack to whoever opens it by hand, perhaps in twenty years."""

from __future__ import annotations

README = b"""\
WHAT THIS IS

This is a file made by the program Branch Evidence. Branch officers of a teachers' union use it to record what they are
told about the Department for Education's Safety Valve and Delivering Better Value programmes and local SEND reform
plans, and to send it to their national office. It is confidential. If it reached you by mistake, please delete it and
tell the sender.

WHAT IS IN IT

data/revisions.jsonl      the records: one change a line: a signature, a space, JSON. "parents" names what it changed,
                          "answers" is what was written down, "typed" what was typed but is not a proper value,
                          "aside" lists answers put aside, "derived" was worked out from the answers.
data/forms/               the questions: each form as an ODK XForm, and the list files it uses
data/reference/           the list files (CSV), named by their SHA-256
data/blobs/               attachments, named by their SHA-256; a record's "blobs" gives their proper names
data/registration.json    which computer made this file, and its public keys
data/receipts.jsonl       what the national office says it holds        (in its replies)
data/queries.jsonl        what the national office asks                 (in its replies)
data/policy.json          what the national office lays down            (in its replies)
data/library.json         which forms it wants used, its shelf of papers  (in its replies; else: the papers a branch has)
data/erasures.jsonl       records that were deleted for good, and a reason code
data/keyslots.json        lets the national office help somebody who forgot their passphrase

Not every file has every part.

HOW TO OPEN AND CHECK IT WITH PUBLIC TOOLS

You need the secret key of one of the readers it was made for, in a file "key.txt" (a line AGE-SECRET-KEY-1...).

    age --decrypt --identity key.txt FILE > opened
    sed -n 1p opened                                  the words BRANCH-EVIDENCE PACK and a version
    sed -n 2,5p opened > payload.zip.minisig          the signature
    tail -n +7 opened > payload.zip                   everything else
    minisign -V -m payload.zip -P THE-SENDER'S-PUBLIC-KEY
    unzip payload.zip
    sha256sum --check manifest-sha256.txt
    sha256sum --check tagmanifest-sha256.txt

The sender's public key stands in the signature's first line; that it really is theirs you must know from elsewhere: the
national office keeps the list. Every line of revisions.jsonl is signed as well: Ed25519 over the text
"branch-evidence/revision-signature/1", a zero byte, and the JSON exactly as it stands. The name of a revision is "r1:"
and the SHA-256 of the text "branch-evidence/revision/1", a zero byte, and the JSON.

Standards used: age v1, Ed25519 (RFC 8032), BLAKE2b (RFC 7693), minisign, ZIP with Deflate (RFC 1951), BagIt 1.0
(RFC 8493), JSON (RFC 8259, canonical form RFC 8785), SHA-256, UTF-8, ODK XForms, CSV.
"""
