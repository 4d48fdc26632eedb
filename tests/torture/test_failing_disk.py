"""T3: every call to the disk fails, once and for good, in each of the things a person does.

The k-th call of SQLite or of `files` fails: no room, broken, write-protected, or permission lost - a write that takes half
and then fails, a sync of a file or of a folder, a new name, a deletion alike. Whatever comes of it is one of the program's
own sentences; the records are as before or as after, nothing in between; and trying again works. The scenarios are
`torture_world.py`'s.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Hashable, Iterator

import pytest
from torture_world import SCENARIOS, Template, every_write_short, one_failure, prepared

from desktop_app.errors import WorldError
from desktop_app.storage.database import Store

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
KINDS = (errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES)


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    with prepared() as made:
        yield made


def trials(calls: dict[int, int], effort: int) -> Iterator[tuple[int, int, bool]]:
    """(call, error, for good). In an ordinary run every call fails once as broken, every fourth place in the other ways;
    the long run is every call in every way, once and for good."""
    for error in KINDS:
        for at in range(1, calls[error] + 1):
            for for_good in (False, True):
                if effort > 1 or (error == errno.EIO and not for_good) or at % 4 == KINDS.index(error):
                    yield at, error, for_good


@pytest.mark.parametrize("name", SCENARIOS)
def test_whichever_call_fails_it_is_as_before_or_as_after(
    name: str, template: Template, effort: int, figure: Callable[[str], None]
) -> None:
    scenario = SCENARIOS[name]
    calls: dict[int, int] = {}
    after: Hashable = None
    for error in KINDS:
        calls[error], failed, after = one_failure(scenario, template, 0, error, for_good=False)
        assert not failed
        assert calls[error] or error != errno.EIO, "nothing was read or written"
    runs = 0
    for at, error, for_good in trials(calls, effort):
        try:
            one_failure(scenario, template, at, error, for_good=for_good, after=after)
        except BaseException as problem:
            problem.add_note(f"{name}: call {at} of {calls[error]}, {os.strerror(error)}, for good: {for_good}")
            raise
        runs += 1
    every_write_short(scenario, template, after)
    figure(f"T3 {name}: {runs} failures in {calls[errno.EIO]} calls to the disk")


def test_the_harness_catches_a_record_saved_in_parts(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken build: every statement is a transaction of its own."""
    from contextlib import contextmanager

    @contextmanager
    def every_statement_by_itself(_store: Store) -> Iterator[None]:
        from desktop_app.storage.connection import translated

        with translated():
            yield

    scenario = SCENARIOS["add a whole record"]
    monkeypatch.setattr(Store, "atomic", every_statement_by_itself)
    calls, _, after = one_failure(scenario, template, 0, errno.ENOSPC, for_good=False)
    with pytest.raises(AssertionError):
        for at in range(1, calls + 1):
            one_failure(scenario, template, at, errno.ENOSPC, for_good=False, after=after)


def test_the_harness_catches_a_build_that_hides_a_failure(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken build: "Saved" is said although the disk refused."""
    from contextlib import contextmanager

    real = Store.atomic

    @contextmanager
    def hopeful(store: Store) -> Iterator[None]:
        try:
            with real(store):
                yield
        except WorldError:
            return

    monkeypatch.setattr(Store, "atomic", hopeful)
    with pytest.raises(AssertionError):
        for at in range(1, 60):
            one_failure(SCENARIOS["type"], template, at, errno.ENOSPC, for_good=True)
