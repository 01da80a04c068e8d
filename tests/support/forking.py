"""The zygote's own side: imports everything, then forks a process for each line on stdin and reports how each ended.

One thread, no event loop and no connection at the time of a fork. A request is {number, call, arguments, environment,
output}; answers are {number, pid} and, later, {pid, status}.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import importlib
import inspect
import json
import os
import selectors
import signal
import sys
import threading
import traceback
from typing import Any

# Everything a process of the desk loads by the time it has processed an order and sent what belongs to it.
LOADED = (
    "orderdesk.cli", "orderdesk.commands.serving", "orderdesk.worker", "orderdesk.bootstrap", "procrastinate",
    "tools.mail.sender", "tools.webhook.sender", "tests.support.forked", "psycopg_pool", "psycopg_binary",
)  # fmt: skip
FOR_MODELS = ("langchain_openai", "openai")
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def serve(*, models: bool) -> None:
    """Fork until stdin ends; then end all children."""
    for name in LOADED + (FOR_MODELS if models else ()):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is shared with the children stays shared
    heard, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _woken)
    os.write(1, b"ready\n")
    living: set[int] = set()
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        selector.register(heard, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if heard in ready:
                os.read(heard, 4096)
            _report_ends(living)
            if 0 not in ready:
                continue
            if not (read := os.read(0, 65536)):
                break
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                request = json.loads(line)
                pid = _fork(request)
                living.add(pid)
                _say({"number": request["number"], "pid": pid})
    for pid in living:
        _kill_group(pid)
    for pid in living:
        os.waitpid(pid, 0)


def _woken(number: int, frame: object) -> None:
    """Nothing: the pipe has been written to, which is what it is for."""


def _report_ends(living: set[int]) -> None:
    while living:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        living.discard(pid)
        _kill_group(pid)  # what it had started itself
        _say({"pid": pid, "status": os.waitstatus_to_exitcode(status)})


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _say(answer: dict[str, Any]) -> None:
    line = json.dumps(answer).encode() + b"\n"
    while line:
        line = line[os.write(1, line) :]


def _fork(request: dict[str, Any]) -> int:
    assert threading.active_count() == 1, f"a fork among threads: {threading.enumerate()}"
    zygote = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _be_a_process(zygote, request["output"])
        os.environ.update(request["environment"])
        status = _call(request["call"], request["arguments"])
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def _be_a_process(zygote: int, output: str) -> None:
    """Of its own session, with nothing of the zygote's, and dead when that is dead."""
    os.setsid()
    if _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) or os.getppid() != zygote:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(source, target)
    os.closerange(3, 256)


def _call(name: str, arguments: dict[str, Any]) -> int:
    module, _, function = name.partition(":")
    try:
        result = getattr(importlib.import_module(module), function)(**arguments)
        if inspect.iscoroutine(result):
            result = asyncio.run(result)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return result if isinstance(result, int) else 0
