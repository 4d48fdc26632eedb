"""What a screen reader is told about the window of another process, one JSON line for every line asked on standard input.

Runs under the system's own Python, which has the AT-SPI bindings (Debian: gir1.2-atspi-2.0, python3-gi):
`focus` tells what has the keyboard; `key NAME` presses a key as the display would; `type TEXT` types.
"""

import json
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

KEYS = {"Tab": 0xFF09, "Return": 0xFF0D, "space": 0x20, "Down": 0xFF54, "Page_Down": 0xFF56, "BackTab": 0xFE20}


def application(name, patience=30.0):
    """The accessible application whose window bears `name`."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        desktop = Atspi.get_desktop(0)
        for at in range(desktop.get_child_count()):
            found = desktop.get_child_at_index(at)
            if found is not None and (found.get_name() or "").lower().replace(" ", "-") == name:
                return found
        time.sleep(0.1)
    raise SystemExit("the program never appeared on the accessibility bus")


class Ear:
    """Hears the keyboard move, as a screen reader does."""

    def __init__(self):
        self.at = None
        self._listener = Atspi.EventListener.new(self._heard)
        self._listener.register("object:state-changed:focused")

    def _heard(self, event, *_more):
        if event.detail1:
            self.at = event.source

    def listen(self, seconds=0.03):
        """Take in what was said until there is silence for `seconds`."""
        context = GLib.MainContext.default()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if context.iteration(False):
                until = time.monotonic() + seconds
            else:
                time.sleep(0.002)
        return self.at


def told(node):
    """Name, description, role, states, text and what labels it; nothing of what has left the screen meanwhile."""
    try:
        return _told(node) if node is not None else None
    except GLib.GError:
        return None


def _told(node):
    states = node.get_state_set()
    text = ""
    if node.get_text_iface() is not None:
        text = Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
    labels = []
    for relation in node.get_relation_set() or []:
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            labels = [relation.get_target(at).get_name() for at in range(relation.get_n_targets())]
    return {
        "name": node.get_name() or "",
        "description": node.get_description() or "",
        "role": node.get_role_name(),
        "text": text,
        "labels": labels,
        "checked": states.contains(Atspi.StateType.CHECKED),
        "enabled": states.contains(Atspi.StateType.ENABLED),
    }


def press(key):
    *held, last = key.split("+")
    codes = {"Ctrl": 37, "Shift": 50, "Alt": 64}  # X key codes of the left ones
    for name in held:
        Atspi.generate_keyboard_event(codes[name], None, Atspi.KeySynthType.PRESS)
    symbol = KEYS.get(last) or ord(last)
    Atspi.generate_keyboard_event(symbol, None, Atspi.KeySynthType.SYM)
    for name in reversed(held):
        Atspi.generate_keyboard_event(codes[name], None, Atspi.KeySynthType.RELEASE)


def errors(node, found, depth=0):
    """Every line on the screen that is spoken as an error."""
    if node is None or depth > 40 or (not node.get_state_set().contains(Atspi.StateType.SHOWING) and depth > 1):
        return found
    name = node.get_name() or ""
    if name.startswith("Error: "):
        found.append(name)
    for at in range(node.get_child_count()):
        errors(node.get_child_at_index(at), found, depth + 1)
    return found


def main():
    Atspi.init()
    ear = Ear()
    program = application(sys.argv[1])
    answer = "ready"
    while True:
        print(f"> {json.dumps(answer)}", flush=True)  # marked: the bus says things of its own
        line = sys.stdin.readline()
        if not line:
            return
        what, _, rest = line.rstrip("\n").partition(" ")
        if what == "key":
            press(rest)
            answer = told(ear.listen(0.05))
        elif what == "type":
            Atspi.generate_keyboard_event(0, rest, Atspi.KeySynthType.STRING)
            answer = None
        elif what == "errors":
            answer = errors(program, [])
        else:
            answer = told(ear.listen())


main()
