"""Loaded by every command the tests start: no network, and no Qt, whatever a command does."""

import sys

FORBIDDEN = ("PySide6", "shiboken6")
NETWORK = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname")


def _guard(event, arguments):
    if event in NETWORK:
        raise RuntimeError("a command tried to use the network: " + event)
    if event == "import" and arguments[0].split(".")[0] in FORBIDDEN:
        raise RuntimeError("a command imported " + arguments[0])


sys.addaudithook(_guard)
