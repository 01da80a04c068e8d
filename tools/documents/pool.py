"""A few warm child processes that read untrusted messages; a message that breaks one costs only itself.

Nothing starts before the first read. A child that dies, hangs, or outgrows its memory is killed and
replaced; the part it was on is left out, the rest is read, and the part is tried once more alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from orderdesk.domain.documents import Document, ReadMessage
from orderdesk.domain.errors import ReaderLimitExceeded, ReadError
from orderdesk.domain.ids import content_hash
from tools.documents.defects import reader_limit_exceeded
from tools.documents.limits import ReaderLimits
from tools.documents.part import part_id
from tools.documents.read import ReadParts

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-P", "-m", "tools.documents.child")
_START_SECONDS = 30.0
# A result is text out of at most max_bytes of input; more than this is no honest answer.
_MAX_FRAME = 256 * 1024 * 1024
# Parts of one message that may break a child before the rest of it is given up.
_MAX_BREAKS = 4


class ReaderPool:
    """Child processes for reading messages; safe for concurrent use on one event loop."""

    def __init__(
        self, workers: int, limits: ReaderLimits | None = None, *, command: Sequence[str] = _COMMAND
    ) -> None:
        self._limits = limits or ReaderLimits()
        self._command = tuple(command)
        self._slots = asyncio.Semaphore(max(1, workers))
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = False

    async def read(self, raw: bytes, name: str) -> ReadMessage:
        """Reads one message or file. Never raises on its content: what is wrong stands in the findings.

        Takes at most a few times `limits.timeout_s`, however many of its parts misbehave.
        """
        request: dict[str, Any] = {
            "name": name,
            "full_size": len(raw),
            "sha256": "",
            "skip": [],
            "only": None,
        }
        if len(raw) > self._limits.max_bytes:
            request["sha256"] = await asyncio.to_thread(content_hash, raw)
            raw = raw[: self._limits.head_bytes]
        async with self._slots:
            parts = await self._read_surely(request, raw, name)
        return parts.message()

    async def run(self, task: str, payload: bytes) -> bytes:
        """What a task of the child's program makes of a payload, under the same limits as a read.

        Raises ReaderLimitExceeded where it took too much time or memory, ReadError where it failed.
        """
        async with self._slots:
            child = await self._child()
            self._busy.add(child)
            healthy = False
            try:
                answer = await child.run(task, payload, self._limits)
                healthy = child.reads < self._limits.reads_per_child
            finally:
                await self._give_back(child, healthy=healthy)
        if answer[:1] != b"=":
            raise ReadError(
                f"Reading this failed ({answer[1:].decode('utf-8', 'replace')}): read it yourself."
            )
        return answer[1:]

    async def start(self) -> None:
        """Starts one child ahead of the first message (optional)."""
        async with self._slots:
            self._idle.append(await self._child())

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Ids of the living children, for health pages and tests."""
        return tuple(c.process.pid for c in (*self._idle, *self._busy) if c.process.returncode is None)

    async def aclose(self) -> None:
        """Ends all children; reads under way fail over to nothing, so call it last."""
        self._closed = True
        children, self._idle = [*self._idle, *self._busy], []
        await asyncio.gather(*(child.end() for child in children))

    async def _read_surely(self, request: dict[str, Any], raw: bytes, name: str) -> ReadParts:
        skipped: list[int] = []
        suspects: list[
            int
        ] = []  # parts that may have fallen over what others left them, or by an outside kill
        outcome = await self._attempt(request, raw)
        if isinstance(outcome, _Broken) and outcome.position is None and not outcome.timed_out:
            outcome = await self._attempt(request, raw)  # an idle child may have died on its own
        while isinstance(outcome, _Broken):
            log.warning("a reader child broke on part %s of a message: %s", outcome.position, outcome.why)
            if outcome.position is None or outcome.position in skipped or len(skipped) >= _MAX_BREAKS:
                return _given_up(raw, name, outcome)
            skipped.append(outcome.position)
            if outcome.after_others or not outcome.timed_out:
                suspects.append(outcome.position)
            outcome = await self._attempt({**request, "skip": skipped}, raw)
        for position in suspects:
            alone = await self._attempt({**request, "only": position}, raw, fresh=True)
            if isinstance(alone, ReadParts) and position < len(alone.parts):
                outcome = _put(outcome, position, alone.parts[position])
        return outcome

    async def _attempt(
        self, request: dict[str, Any], raw: bytes, *, fresh: bool = False
    ) -> ReadParts | _Broken:
        child = await self._child(fresh=fresh)
        self._busy.add(child)
        healthy = False
        try:
            result = await child.read(request, raw, self._limits)
            healthy = isinstance(result, ReadParts) and child.reads < self._limits.reads_per_child
            return result
        finally:
            await self._give_back(child, healthy=healthy)

    async def _give_back(self, child: _Child, *, healthy: bool) -> None:
        self._busy.discard(child)
        if healthy and not self._closed:
            self._idle.append(child)
        else:  # a cancelled read leaves half a conversation behind: that child is of no use either
            await asyncio.shield(child.end())

    async def _child(self, *, fresh: bool = False) -> _Child:
        if self._closed:
            raise ReaderLimitExceeded("The document readers have been shut down; start the desk again.")
        while self._idle and not fresh:
            child = self._idle.pop()
            if child.process.returncode is None:
                return child
        return await _Child.start(self._command, self._limits)


@dataclass(frozen=True)
class _Broken:
    """An attempt that brought its child down: where, and in words for the finding."""

    why: str
    position: int | None
    part: str
    after_others: bool
    timed_out: bool


class _Child:
    """One child process and the conversation with it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.reads = 0

    @classmethod
    async def start(cls, command: Sequence[str], limits: ReaderLimits) -> _Child:
        """A child that has said it is ready. Its environment holds no secret, as it holds nothing."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            start_new_session=True,  # a Ctrl-C at the terminal is for the desk, which then ends the children
        )
        child = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child._send(limits.model_dump_json().encode())
                await child._frame()
        except (TimeoutError, OSError, EOFError) as error:
            await child.end()
            raise ReaderLimitExceeded(
                "A document reader process does not start; check with 'orderdesk doctor' that the installation is "
                "complete and that memory is left."
            ) from error
        except BaseException:
            await child.end()
            raise
        return child

    async def read(self, request: dict[str, Any], raw: bytes, limits: ReaderLimits) -> ReadParts | _Broken:
        """One read under the wall deadline."""
        self.reads += 1
        position: int | None = None
        part, begun, timed_out = "", 0, False
        try:
            async with asyncio.timeout(limits.timeout_s):
                await self._send(json.dumps(request).encode(), raw)
                while True:
                    frame = await self._frame()
                    if frame.startswith(b'{"result": '):
                        return ReadParts.model_validate_json(frame[len(b'{"result": ') : -1])
                    told: dict[str, Any] = json.loads(frame)
                    position, part = int(told["at"]), str(told["name"])
                    begun += 1
        except TimeoutError:
            timed_out = True
            why = f"it took longer than {limits.timeout_s:g} seconds"
        except (OSError, EOFError):
            why = "the reader ran out of memory or failed on it"
        except (ValidationError, ValueError, KeyError, TypeError):
            why = "the reader's answer made no sense"
        return _Broken(why, position, part, begun > 1, timed_out)

    async def run(self, task: str, payload: bytes, limits: ReaderLimits) -> bytes:
        """One task's answer under the wall deadline. Raises ReaderLimitExceeded."""
        self.reads += 1
        try:
            async with asyncio.timeout(limits.timeout_s):
                await self._send(json.dumps({"task": task}).encode(), payload)
                return await self._frame()
        except TimeoutError:
            why = f"it took longer than {limits.timeout_s:g} seconds"
        except (OSError, EOFError, ValueError):
            why = "the reader ran out of memory or failed on it"
        raise ReaderLimitExceeded(f"This could not be read ({why}): read it yourself.")

    async def end(self) -> None:
        """Kills the process and waits until it is gone."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        await self.process.wait()

    async def _send(self, *frames: bytes) -> None:
        stdin = self.process.stdin
        if stdin is None:
            raise EOFError
        for frame in frames:
            stdin.write(struct.pack(">I", len(frame)))
            stdin.write(frame)
        await stdin.drain()

    async def _frame(self) -> bytes:
        stdout = self.process.stdout
        if stdout is None:
            raise EOFError
        length = struct.unpack(">I", await stdout.readexactly(4))[0]
        if length > _MAX_FRAME:
            raise ValueError("frame too long")
        return await stdout.readexactly(length)


def _put(parts: ReadParts, position: int, documents: tuple[Document, ...]) -> ReadParts:
    pieces = list(parts.parts)
    pieces[position] = documents
    return parts.model_copy(update={"parts": tuple(pieces)})


def _given_up(raw: bytes, name: str, broken: _Broken) -> ReadParts:
    """Nothing of the message could be read: the file itself breaks the reader."""
    sha256 = content_hash(raw)
    document = Document(
        document_id=part_id(sha256, 0),
        name=name,
        format="unknown",
        role="attachment",
        size=len(raw),
        sha256=sha256,
        findings=(reader_limit_exceeded(broken.part or name, broken.why),),
    )
    return ReadParts(envelope=ReadMessage(), parts=((document,),))
