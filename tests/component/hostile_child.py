"""A reader child that misbehaves on parts named for it: hangs, eats memory, dies, or talks nonsense.

Started by the pool's tests in place of the real child; everything else in it is the real one.
"""

from __future__ import annotations

import os
import signal
import sys

from tools.documents.child import serve

_seen: list[str] = []


def misbehave(_position: int, name: str) -> None:
    """Does what the part's name asks for."""
    if name.startswith("hang"):
        while True:
            signal.pause()
    if name.startswith("hog"):
        kept = []
        while True:
            kept.append(bytearray(1 << 20))
    if name.startswith("die"):
        os.abort()
    if name.startswith("beside") and _seen:  # as a part does that others left no memory for
        os.abort()
    _seen.append(name)
    if name.startswith("print"):
        print("a library that prints")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(misbehave)
