"""Places at which a process kills itself (kill -9): nothing is cleaned up, as after a power cut.

A place is "name:n", the n-th time this process comes there:
  checkpoint  a checkpoint of the graph is committed: a step is finished
  writes      what a node wrote was handed over; the step it belongs to is not finished
  prepared    perform has done everything in its transaction, which is not committed
  performed   that transaction is committed, the step it belongs to is not finished
  claimed     an effect is claimed, nothing was sent
  begun       it is noted that an effect may have been sent from here on (not where it may be sent twice)
  sent        the receiver has answered, that is not noted
  noted       an effect is noted as done
  failed      a failure of the case is noted
  answered    a model has answered, that is not noted
  paid        the answer and its price are noted
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, NamedTuple, NoReturn

from psycopg import AsyncTransaction

from checkpoints.saver import RootSaver
from graphs import perform
from graphs.saved_state import damage_in_update
from orderdesk.cases import drive
from tools.deliver import Delivery
from tools.folder import FolderSender
from tools.mail.sender import SmtpSender
from tools.models.client import ModelClient
from tools.models.records import Records
from tools.webhook.sender import WebhookSender

Call = Callable[..., Awaitable[Any]]
At = Callable[..., None]
Sending = tuple[str, ...]


class Place(NamedTuple):
    """Where a process was: the n-th time at a place; what it was sending there, and through what."""

    name: str
    n: int
    through: str = ""
    effect: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.n}"


def watch_places(kill_at: str | None = None) -> list[Place]:
    """Make this process die at a place; returns the list in which it notes where it has been."""
    been: list[Place] = []
    times: Counter[str] = Counter()

    def at(name: str, *sending: str) -> None:
        times[name] += 1
        been.append(Place(name, times[name], *sending))
        if str(been[-1]) == kill_at:
            die()

    _after(RootSaver, "aput", at, "checkpoint", _outside_workers)
    _after(RootSaver, "aput_writes", at, "writes", _whole_outside_workers)
    _after(Delivery, "_begin", at, "begun", _may_not_be_repeated)
    _after(Delivery, "_finish", at, "noted", _always)
    _after(drive, "record_failure", at, "failed", _always)
    _after(ModelClient, "send", at, "answered", _always)
    _after(Records, "keep", at, "paid", _always)
    for sender in (FolderSender, SmtpSender, WebhookSender):
        _before(sender, "send", at, "claimed")
        _after(sender, "send", at, "sent", _sending)
    _in_perform(at)
    return been


def die() -> NoReturn:
    """End like a process that lost its power."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def _always(owner: Any, *more: Any) -> Sending:
    return ()


def _outside_workers(saver: Any, config: Any, *more: Any) -> Sending | None:
    return None if config["configurable"].get("checkpoint_ns") else ()


def _whole_outside_workers(saver: Any, config: Any, writes: Any, *more: Any) -> Sending | None:
    # Whoever finds these writes without their checkpoint must be able to go on from them.
    if damage := damage_in_update(dict(writes)):
        print(f"written by a node: {damage}", file=sys.stderr, flush=True)
        os._exit(1)  # an error would be tried again, as any step's is
    return _outside_workers(saver, config)


def _may_not_be_repeated(delivery: Any, sender: Any, claim: str, key: str) -> Sending | None:
    return None if sender.repeatable else _sending(sender, key)


def _sending(sender: Any, key: str, *more: Any) -> Sending:
    return str(sender.through).split()[0], key


def _after(owner: Any, method: str, at: At, name: str, counts: Callable[..., Sending | None]) -> None:
    """Come to a place after each call, unless `counts` gives None for it."""
    plain: Call = getattr(owner, method)

    @wraps(plain)  # LangGraph asks a saver's methods what arguments they take
    async def then(*args: Any, **kwargs: Any) -> Any:
        result = await plain(*args, **kwargs)
        if (sending := counts(*args)) is not None:
            at(name, *sending)
        return result

    setattr(owner, method, then)


def _before(owner: Any, method: str, at: At, name: str) -> None:
    plain: Call = getattr(owner, method)

    async def first(*args: Any, **kwargs: Any) -> Any:
        at(name, *_sending(*args))
        return await plain(*args, **kwargs)

    setattr(owner, method, first)


def _in_perform(at: At) -> None:
    """Before and after the commit of what a case's outcome brings about."""
    carry_out = "_carry_out"
    plain: Call = getattr(perform, carry_out)
    plain_exit: Call = AsyncTransaction.__aexit__
    carried: list[Any] = []

    async def then(connection: Any, *args: Any) -> Any:
        result = await plain(connection, *args)
        at("prepared")
        carried.append(connection)
        return result

    async def committed(self: Any, *error: Any) -> Any:
        result = await plain_exit(self, *error)
        if carried and self.connection is carried[-1]:
            carried.clear()
            at("performed")
        return result

    setattr(perform, carry_out, then)
    AsyncTransaction.__aexit__ = committed  # type: ignore[method-assign]
