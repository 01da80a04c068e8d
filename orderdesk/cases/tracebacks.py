"""A traceback as a person reads it: our own frames with their lines, those of libraries counted."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import orderdesk

# The end of a traceback says most: what was raised, and where.
LONGEST = 8000
_ROOT = Path(orderdesk.__file__).resolve().parents[1]
_OURS = ("orderdesk", "graphs", "agents", "tools", "checkpoints", "evals")


def readable_traceback(error: BaseException) -> str:
    """An error and what it came from, oldest first, cut to its last LONGEST characters; no path of the machine."""
    chain = list(_chain(traceback.TracebackException.from_exception(error)))
    text = "\n\nwhich led to:\n\n".join(_one(found) for found in reversed(chain))
    return storable(text if len(text) <= LONGEST else f"…{text[1 - LONGEST :]}")


def storable(text: str) -> str:
    """A text of anybody's making as the database takes it: without NUL and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _chain(found: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    while True:
        yield found
        before = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
        if before is None:
            return
        found = before


def _one(found: traceback.TracebackException) -> str:
    said = "".join(found.format_exception_only()).strip()
    return "\n".join([*_frames(found.stack), said])


def _frames(stack: Iterable[traceback.FrameSummary]) -> Iterator[str]:
    frames = list(stack)
    for ours, group in groupby(frames, key=lambda frame: bool(_ours(frame))):
        run = list(group)
        if ours:
            yield from (f"{_ours(f)}:{f.lineno} in {f.name}\n    {f.line}" for f in run)
            continue
        last = run[-1]
        names = ", ".join(dict.fromkeys(_library(frame) for frame in run))
        yield f"  … {len(run)} in {names}"
        if last is frames[-1]:  # where it was raised
            yield f"  {_library(last)}: {last.name}\n    {last.line}"


def _ours(frame: traceback.FrameSummary) -> str:
    """A frame's file as it is called in the repository; '' for a library's."""
    path = Path(frame.filename)
    if not path.is_relative_to(_ROOT):
        return ""
    name = path.relative_to(_ROOT)
    return name.as_posix() if name.parts[0] in _OURS else ""


def _library(frame: traceback.FrameSummary) -> str:
    """The package a frame belongs to; its module for the standard library."""
    parts = Path(frame.filename).parts
    if "site-packages" in parts:
        return parts[len(parts) - parts[::-1].index("site-packages")].removesuffix(".py")
    return Path(frame.filename).stem
