"""Functions over text, selections and digests (ODK XForms spec, "XPath functions": string, select, utility)."""

from __future__ import annotations

import base64
import hashlib
import re
import time
import uuid

import regex

from .context import Context, NodeSet, Value, as_number, as_text, atom, limited
from .errors import XPathError
from .function import Function
from .numbers import java_trim, to_int

# A pattern that needs longer is hostile or broken (forms.md).
REGEX_SECONDS = 0.1
MAX_PATTERN = 5_000
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


def whole(value: Value) -> int:
    return to_int(as_number(value))


def _texts(values: list[Value]) -> list[str]:
    if len(values) == 1 and isinstance(values[0], NodeSet):
        return [as_text(item) for item in values[0].atoms()]
    return [as_text(value) for value in values]


def concat(context: Context, values: list[Value]) -> Value:
    return limited("".join(_texts(values)))


def join(context: Context, values: list[Value]) -> Value:
    return limited(as_text(values[0]).join(_texts(values[1:])))


def substr(context: Context, values: list[Value]) -> Value:
    text = as_text(values[0])
    length = len(text)
    start = whole(values[1])
    end = whole(values[2]) if len(values) > 2 else length
    start = length + start if start < 0 else start
    end = length + end if end < 0 else end
    return text[min(max(0, start), length) : min(max(0, end), length)]


def substring_before(context: Context, values: list[Value]) -> Value:
    head, found, _ = _cut(as_text(values[0]), as_text(values[1]))
    return head if found else ""


def substring_after(context: Context, values: list[Value]) -> Value:
    _, found, tail = _cut(as_text(values[0]), as_text(values[1]))
    return tail if found else ""


def _cut(text: str, mark: str) -> tuple[str, bool, str]:
    place = text.find(mark)
    return text[: max(place, 0)], place >= 0, text[place + len(mark) :]


def translate(context: Context, values: list[Value]) -> Value:
    text, source, target = (as_text(value) for value in values)
    table: dict[str, str] = {}
    for place, character in enumerate(source):
        table.setdefault(character, target[place] if place < len(target) else "")
    return "".join(table.get(character, character) for character in text)


def string_length(context: Context, values: list[Value]) -> Value:
    # Java counts UTF-16 units, which differ from characters outside the basic plane.
    return float(len(as_text(_or_here(context, values)).encode("utf-16-le", "surrogatepass")) // 2)


def normalize_space(context: Context, values: list[Value]) -> Value:
    return re.sub(r"[ \t\n\x0b\f\r]+", " ", java_trim(as_text(_or_here(context, values))))


def _or_here(context: Context, values: list[Value]) -> Value:
    if values:
        return values[0]
    return NodeSet([context.node] if context.node.relevant else [], context)


def matches(context: Context, values: list[Value]) -> Value:
    """The whole text must match. Raises XPathError for a broken pattern or one that takes longer than 100 ms."""
    text, pattern = as_text(values[0]), as_text(values[1])
    if len(pattern) > MAX_PATTERN:
        raise XPathError("The pattern is too long.")
    flags = regex.ASCII | (regex.VERSION1 if "&&" in pattern else regex.VERSION0)
    if "\\p" in pattern or "\\P" in pattern or not pattern.isascii():
        flags &= ~regex.ASCII
    begun = time.thread_time()
    try:
        while True:
            try:
                return regex.fullmatch(pattern, text, flags=flags, timeout=REGEX_SECONDS) is not None
            except TimeoutError:
                # The library counts time on the clock; on a busy computer that need not have been spent on the pattern.
                if time.thread_time() - begun >= REGEX_SECONDS / 2:
                    raise XPathError("The pattern takes too long to check this text.") from None
    except (regex.error, RecursionError, OverflowError):
        raise XPathError(f"“{pattern[:60]}” is not a pattern that can be checked.") from None


def _selection(value: Value, name: str) -> str:
    single = atom(value)
    if not isinstance(single, str):
        raise XPathError(f"{name}() needs a question with choices or text.")
    return single


def selected(context: Context, values: list[Value]) -> Value:
    wanted = atom(values[1])
    if not isinstance(wanted, str):
        raise XPathError("The second value of selected() must be in quotation marks.")
    single = atom(values[0])
    if not isinstance(single, str):
        raise XPathError("selected() needs a question with choices or text.")
    return f" {java_trim(wanted)} " in f" {single} "


def count_selected(context: Context, values: list[Value]) -> Value:
    return float(len([piece for piece in _selection(values[0], "count-selected").split(" ") if piece]))


def selected_at(context: Context, values: list[Value]) -> Value:
    chosen = [piece for piece in _selection(values[0], "selected-at").split(" ") if piece]
    place = whole(values[1])
    return chosen[place] if 0 <= place < len(chosen) else ""


_DIGESTS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512"}


def digest(context: Context, values: list[Value]) -> Value:
    algorithm = _DIGESTS.get(as_text(values[1]).upper().replace("-", ""))
    encoding = as_text(values[2]).upper() if len(values) > 2 else "BASE64"
    if algorithm is None or encoding not in ("HEX", "BASE64"):
        raise XPathError("digest() knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512, written as hex or base64.")
    made = hashlib.new(algorithm, as_text(values[0]).encode(), usedforsecurity=False).digest()
    return made.hex() if encoding == "HEX" else base64.b64encode(made).decode()


def base64_decode(context: Context, values: list[Value]) -> Value:
    """The text a base64 text stands for; other characters in it are passed over, and one that cannot be whole gives
    nothing (JavaRosa)."""
    written = as_text(values[0]).encode()
    digits = bytes(byte for byte in written if byte in _BASE64)
    if len(digits) % 4:
        return ""
    filling = 0
    for byte in reversed(written[1:]):
        if byte in _BASE64 and byte not in b"A=":
            break
        filling += byte == ord("=")
    whole_bytes = base64.b64decode(digits.replace(b"=", b"A"))
    return whole_bytes[: max(len(whole_bytes) - filling, 0)].decode("utf-8", "replace")


def make_uuid(context: Context, values: list[Value]) -> Value:
    rng = context.environment.rng
    if not values:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return "".join(
        rng.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(min(max(whole(values[0]), 0), 1000))
    )


def pulldata(context: Context, values: list[Value]) -> Value:
    """ODK Collect: the value of a column in the row of a list whose key column has a value; empty when there is
    none."""
    name, column, key_column, key = (as_text(value) for value in values)
    root = context.environment.instances.get(name)
    if root is None:
        raise XPathError(f"The list “{name}” is not part of this form.")
    indexes, place = context.environment.indexes, (id(root), "pulldata", key_column)
    if place not in indexes:
        by_key = indexes[place] = {}
        for row in root.children:
            keys = row.named(key_column)
            if keys and keys[0].value is not None:
                by_key.setdefault(keys[0].value.text, []).append(row)
    rows = indexes[place].get(key)
    cells = rows[0].named(column) if rows else []
    return cells[0].value.text if cells and cells[0].value is not None else ""


TEXT_FUNCTIONS = {
    "string": Function(lambda context, values: as_text(values[0]), 1, 1),
    "concat": Function(concat, 0, None),
    "join": Function(join, 1, None),
    "substr": Function(substr, 2, 3),
    "substring-before": Function(substring_before, 2, 2),
    "substring-after": Function(substring_after, 2, 2),
    "translate": Function(translate, 3, 3),
    "string-length": Function(string_length, 0, 1),
    "normalize-space": Function(normalize_space, 0, 1),
    "contains": Function(lambda context, values: as_text(values[1]) in as_text(values[0]), 2, 2),
    "starts-with": Function(lambda context, values: as_text(values[0]).startswith(as_text(values[1])), 2, 2),
    "ends-with": Function(lambda context, values: as_text(values[0]).endswith(as_text(values[1])), 2, 2),
    "regex": Function(matches, 2, 2),
    "selected": Function(selected, 2, 2),
    "is-selected": Function(selected, 2, 2),
    "count-selected": Function(count_selected, 1, 1),
    "selected-at": Function(selected_at, 2, 2),
    "digest": Function(digest, 2, 3),
    "base64-decode": Function(base64_decode, 1, 1),
    "uuid": Function(make_uuid, 0, 1),
    "version": Function(lambda context, values: context.environment.form_version, 0, 0),
    # The phone's properties (deviceid, username ...) are empty here: a record carries no telephone number.
    "property": Function(lambda context, values: "", 1, 1),
    "pulldata": Function(pulldata, 4, 4),
    "jr:itext": Function(lambda context, values: context.environment.itext(as_text(values[0])), 1, 1),
    "jr:choice-name": Function(
        lambda context, values: context.environment.choice_name(as_text(values[0]), as_text(values[1]), context.node),
        2,
        2,
    ),
}
