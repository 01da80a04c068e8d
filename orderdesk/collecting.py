"""How often a process that works on cases looks for garbage in cycles: rarely enough not to be most of its work."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

# Objects made between two looks at the young ones. Python's own 700 are made in a fraction of a step: it would look
# several times an order, at all that LangGraph and our libraries keep, for an eighth of an order's CPU time (measured).
_YOUNG = 20_000


@contextmanager
def collecting_rarely() -> Generator[None]:
    """For as long as cases are worked on: what was imported before is not looked at, the rest now and then."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
