"""What runs first in a spawned process: one function, its answer sent back. Imports nothing of Qt, so it starts fast."""

from __future__ import annotations

from typing import Any


def child_main(pipe: Any) -> None:
    """Take `(fn, args, with_progress)` from `pipe`, run `fn(*args)`, send ("done", answer) or ("failed", exception).

    With progress, ("progress", value) is sent as often as `fn` says so, before that.
    """
    try:
        fn, args, with_progress = pipe.recv()
        extra = {"progress": lambda value: pipe.send(("progress", value))} if with_progress else {}
        pipe.send(("done", fn(*args, **extra)))
    except Exception as problem:  # noqa: BLE001 - everything is carried to the window
        pipe.send(("failed", _picklable(problem)))
    finally:
        pipe.close()


def cannot_be_sent() -> tuple[type[Exception], ...]:
    """What is raised for something that cannot be written to a pipe."""
    import pickle

    return (pickle.PicklingError, TypeError, AttributeError)


def _picklable(problem: Exception) -> Exception:
    """`problem` as it can cross a pipe: WorldError keeps its sentences, anything else its type and message."""
    import pickle

    from desktop_app.errors import WorldError

    if isinstance(problem, WorldError):
        # The default reduction would call the class with one argument and lose what is safe and what to do.
        return WorldError(problem.what, safe=problem.safe, do=problem.do, code=problem.code)
    try:
        pickle.loads(pickle.dumps(problem))  # noqa: S301 - our own bytes, made on this line
    except Exception:  # noqa: BLE001 - any failure to pickle has the same remedy
        return RuntimeError(f"{type(problem).__name__}: {problem}")
    return problem
