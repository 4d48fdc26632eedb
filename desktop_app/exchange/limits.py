"""How big things may be (packs.md: "Strict reader"). The writer keeps well inside what the reader accepts."""

from __future__ import annotations

KB = 1000
MB = 1000 * KB

# The reader.
PACK_BYTES = 1000 * MB
BLOB_BYTES = 64 * MB
LINE_BYTES = 4 * MB
STRING_BYTES = 1 * MB
FORM_BYTES = 5 * MB
FORM_LISTS = 100
FORM_LISTS_BYTES = 50 * MB
REVISIONS = 50_000
RATIO = 100
HEADER_BYTES = 4 * KB
AGE_HEADER_BYTES = 64 * KB
AGE_STANZAS = 40
MEMBERS = 20_000

# The writer.
WRITE_PACK_BYTES = 500 * MB
MAIL_PACK_BYTES = 18 * MB
MAIL_WARN_BYTES = 10 * MB
ANSWER_BYTES = 250 * KB
WRITE_RATIO = 50

CHUNK = 256 * 1024
