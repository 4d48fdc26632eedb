"""What every test stands on: no network, no screen unless asked, no passphrase that takes a second to check."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from desktop_app.services.profile import Created

ROOT = Path(__file__).resolve().parent.parent
PASSPHRASE = "plain words for tests only"

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A test never sees the records of the person who runs it.
os.environ.pop("BRANCH_EVIDENCE_PROFILE", None)

_NETWORK_EVENTS = {
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
}


def _forbid_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook cannot be taken off or bypassed by a saved reference, unlike a patched `socket`.

    Unix sockets (a path, not a tuple) stay allowed: that is how a window talks to a display on this machine.
    """
    if event not in _NETWORK_EVENTS:
        return
    address = arguments[1] if event in {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"} else ()
    if isinstance(address, tuple):
        raise RuntimeError(f"a test tried to use the network: {event}{arguments[1:]!r}")


sys.addaudithook(_forbid_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--effort", type=int, default=1, help="multiplies the runs of the torture tests (dev.py torture)")
    parser.addoption("--onscreen", action="store_true", help="show windows on the real display")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--onscreen"):
        os.environ.pop("QT_QPA_PLATFORM", None)


@pytest.fixture(scope="session")
def effort(pytestconfig: pytest.Config) -> int:
    """How many times the usual number of random runs a torture test makes."""
    return int(pytestconfig.getoption("--effort"))


@pytest.fixture
def make_profile(tmp_path: Path) -> Iterator[Callable[..., Created]]:
    """Set up records in a folder of the test's own: `make_profile("branch", "Leeds", officer_role="Secretary")`.

    The key derivation is as cheap as can be; nothing else differs from a real set-up. All are closed at the end.
    """
    from desktop_app.paths import ProfilePaths
    from desktop_app.services import profile as profiles
    from desktop_app.storage.keys import KdfCost

    made: list[Created] = []

    def make(role: str = "branch", name: str = "Leeds", **more: Any) -> Created:
        paths = ProfilePaths(tmp_path / f"records {len(made) + 1}")
        cost = KdfCost(1, 8 * 1024 * 1024)
        created = profiles.create(paths, role=role, name=name, passphrase=PASSPHRASE, cost=cost, **more)
        made.append(created)
        return created

    yield make
    for created in made:
        created.profile.close()
