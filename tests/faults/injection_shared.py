"""Something long that is done once for all test processes of a session; whoever comes first does it."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from checkpoints.place import locked

T = TypeVar("T")
LONGEST_S = 600.0


def once(factory: pytest.TempPathFactory, name: str, do: Callable[[], T]) -> T:
    """What `do` gives; a process that comes later waits for it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return do()
    base = factory.getbasetemp().parent
    with locked(base / f"{name}.lock", time.monotonic() + LONGEST_S):
        note = base / f"{name}.pickle"
        if not note.exists():
            found = do()
            (part := base / f"{name}.part").write_bytes(pickle.dumps(found))
            part.rename(note)
            return found
        return pickle.loads(note.read_bytes())
