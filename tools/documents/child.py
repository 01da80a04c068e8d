"""The child process that reads untrusted files: frames in, frames out, little it could do otherwise.

A frame is a 4-byte big-endian length and that many bytes. In: limits once; then for each read a JSON
request and the raw bytes. Out: {"ready"}, then for each read {"at"} before every part and one {"result"}.
A request that names a task of the program's own is answered by b"=" and its result, or b"!" and what it raised.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import struct
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from tools.documents.limits import ReaderLimits
from tools.documents.read import read_parts

Begins = Callable[[int, str], None]
Task = Callable[[bytes], bytes]

# Loaded while waiting for the first message, so that it does not pay for them.
_PRELOADED = (
    "tools.documents.html", "tools.documents.xml_read", "tools.documents.x12", "tools.documents.edifact",
    "tools.documents.order_tables", "tools.documents.sheets", "tools.documents.pdf",
)  # fmt: skip

_FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system", "os.exec",
    "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.remove", "os.rename", "os.rmdir", "os.kill",
    "shutil.rmtree",
)  # fmt: skip


def serve(begins: Begins | None = None, tasks: Mapping[str, Task] | None = None) -> None:
    """Reads messages until the input closes. `begins` is called before each part, after the report of it.

    `tasks` are further work on untrusted text that is done here, by name.
    """
    source, sink = _private_streams()
    frame = read_frame(source)
    if frame is None:
        return
    limits = ReaderLimits.model_validate_json(frame)
    _confine(limits)
    write_frame(sink, b'{"ready": true}')
    _preload(source)
    while (header := read_frame(source)) is not None and (raw := read_frame(source)) is not None:
        request: dict[str, Any] = json.loads(header)
        _allow_seconds(limits.timeout_s)
        if name := request.get("task"):
            write_frame(sink, _done((tasks or {})[name], raw))
        else:
            write_frame(sink, _answer(request, raw, limits, sink, begins))


def read_frame(source: BinaryIO) -> bytes | None:
    """The next frame's content; None at the end of the input."""
    size = source.read(4)
    if len(size) < 4:
        return None
    length = struct.unpack(">I", size)[0]
    content = source.read(length)
    return content if len(content) == length else None


def write_frame(sink: BinaryIO, content: bytes) -> None:
    """Writes one frame at once."""
    sink.write(struct.pack(">I", len(content)) + content)
    sink.flush()


def _answer(
    request: dict[str, Any], raw: bytes, limits: ReaderLimits, sink: BinaryIO, begins: Begins | None
) -> bytes:
    def at(position: int, name: str) -> None:
        write_frame(sink, json.dumps({"at": position, "name": name}).encode())
        if begins:
            begins(position, name)

    # What the reader itself does not catch (no memory left even for the answer) ends this process: the
    # parent knows the part, and starts another.
    result = read_parts(
        raw,
        request["name"],
        limits=limits,
        full_size=request["full_size"],
        sha256=request["sha256"],
        skip=frozenset(request["skip"]),
        only=request["only"],
        begins=at,
    )
    return b'{"result": ' + result.model_dump_json().encode() + b"}"


def _done(task: Task, payload: bytes) -> bytes:
    try:
        return b"=" + task(payload)
    except Exception as error:  # the parent raises it; only what nobody can catch ends this process
        return b"!" + f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace")


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard streams kept for frames only: what a library prints goes nowhere."""
    source, sink = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return os.fdopen(source, "rb"), os.fdopen(sink, "wb")


def _confine(limits: ReaderLimits) -> None:
    """Bounds on memory, files and abilities, where the platform has them."""
    try:
        import resource
    except ImportError:
        pass  # Windows: the parent's wall deadline and its memory check remain
    else:
        for what, amount in (
            (resource.RLIMIT_AS, limits.memory_mb * 1024 * 1024),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, 64),
            (resource.RLIMIT_CORE, 0),
        ):
            _limit(resource, what, amount)
    sys.addaudithook(_refuse)


def _limit(resource: Any, what: int, amount: int) -> None:
    _, hard = resource.getrlimit(what)
    allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    try:
        resource.setrlimit(what, (allowed, hard))
    except (ValueError, OSError) as error:  # macOS knows RLIMIT_AS and refuses it
        sys.stderr.write(f"limit {what} not set: {error}\n")


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"a document reader may not do this: {event}")


def _allow_seconds(seconds: float) -> None:
    """CPU seconds from now: a child whose parent is gone ends by itself, even in an endless loop."""
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    _limit(resource, resource.RLIMIT_CPU, int(used + seconds * 2) + 2)


def _preload(source: BinaryIO) -> None:
    for name in _PRELOADED:
        if select.select([source], [], [], 0)[0]:
            return  # a message is waiting: what it needs is loaded on the way
        try:
            importlib.import_module(name)
        except ImportError as error:  # said again, and louder, by the first file that needs it
            sys.stderr.write(f"{name} cannot be loaded: {error}\n")


if __name__ == "__main__":
    serve()
