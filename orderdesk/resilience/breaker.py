"""Breakers shared by all processes and machines: what keeps failing is not called, and one caller looks again.

They live in Postgres. While that is away each process goes on by itself from what it saw last, by the same rules.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import psycopg

from checkpoints.pools import AWAY, LazyPool
from orderdesk.domain.errors import DatabaseUnavailable
from orderdesk.resilience.breaker_state import Breaker, Rules, Signal, admits, settle, signal_of, take_probe
from orderdesk.resilience.breaker_table import BreakerState, BreakerTable
from orderdesk.resilience.failures import Verdict

logger = logging.getLogger(__name__)

R = TypeVar("R")

# The database is down, has no connection left, or is a standby that takes no writes.
NO_STATE = (*AWAY, psycopg.errors.ReadOnlySqlTransaction)
ERROR_LENGTH = 500


@dataclass(frozen=True)
class Entry:
    """The right to call, to be handed back with `leave` or `give_back`, once."""

    name: str
    generation: int
    probe: bool = False
    clean: bool = False  # nothing had failed: a success changes nothing
    outage: int = 0  # the outage of the database it was given in; 0 = given by the database


@dataclass(frozen=True)
class Refused:
    """No call now. `retry_in_s` is how long from now, in seconds; `why` is for a person."""

    name: str
    why: str
    retry_in_s: float


class Breakers:
    """All breakers, by name; one that was never heard of is closed.

    `ask_s` is how long the database may take to answer before it counts as away; it is asked again after
    `away_s`. All times in seconds.
    """

    def __init__(
        self,
        pool: LazyPool,
        *,
        threshold: int = 5,
        open_s: float = 5.0,
        longest_open_s: float = 300.0,
        probe_s: float = 60.0,
        ask_s: float = 1.0,
        away_s: float = 5.0,
    ) -> None:
        self._table = BreakerTable(pool)
        self._rules = Rules(threshold, open_s, longest_open_s, probe_s)
        self._ask_s = ask_s
        self._away_s = away_s
        # What this process saw last, on its own monotonic clock.
        self._seen: dict[str, Breaker] = {}
        self._outages = 0
        self._away_until: float | None = None  # None = the database is there
        self._asks: set[asyncio.Task[Any]] = set()

    async def enter(self, name: str, *, hold_s: float = 0.0) -> Entry | Refused:
        """Ask to call. A probe is held for `probe_s`, or for `hold_s` where the call itself may take longer."""
        hold_s = max(hold_s, self._rules.probe_s)
        if self._may_ask():
            try:
                return await self._ask(lambda ask: self._enter_shared(name, hold_s, ask))
            except NO_STATE as error:
                self._gone(error)
        return self._enter_alone(name, hold_s)

    async def leave(self, entry: Entry, verdict: Verdict | None) -> bool:
        """Say how it went; None = well. True = the next call would be let in freely."""
        why = "" if verdict is None else verdict.why[:ERROR_LENGTH]
        wish_s = 0.0 if verdict is None else verdict.retry_after_s or 0.0
        return await self._settle(entry, signal_of(verdict), why, wish_s)

    async def give_back(self, entry: Entry) -> None:
        """It was not called, or cancelled: neither success nor failure. A probe's place is free at once."""
        await self._settle(entry, "nothing", "", 0.0)

    async def states(self) -> list[BreakerState]:
        """All breakers that ever failed; this process's own view of them while the database is away."""
        if self._may_ask():
            try:
                return await self._ask(lambda _: self._table.states())
            except NO_STATE as error:
                self._gone(error)
        return [
            BreakerState(name, seen.state, seen.failures, None, seen.last_error or None, None, shared=False)
            for name, seen in sorted(self._seen.items())
        ]

    async def reset(self, name: str) -> None:
        """Close a breaker at once, by a person's wish. Raises where the database is away."""
        await self._table.reset(name)
        self._seen.pop(name, None)

    async def _enter_shared(self, name: str, hold_s: float, ask: _Ask) -> Entry | Refused:
        found = await self._table.read(name)
        if found is None:
            self._seen.pop(name, None)
            return Entry(name, 0, clean=True)
        breaker, now = found
        self._remember(name, breaker, now)
        if admits(breaker, now) != "probe":
            return _let_in(name, breaker, now)

        def claim(breaker: Breaker, now: float) -> Breaker:
            # Whoever asked may have stopped waiting: a probe that nobody makes would only block the others.
            wanted = admits(breaker, now) == "probe" and not ask.given_up
            return take_probe(breaker, now, hold_s) if wanted else breaker

        changed = await self._table.change(name, claim)
        self._remember(name, changed.after, changed.now)
        if changed.after == changed.before:
            return _let_in(name, changed.before, changed.now)
        return Entry(name, changed.after.generation, probe=True)

    def _enter_alone(self, name: str, hold_s: float) -> Entry | Refused:
        breaker, now = self._seen.get(name, Breaker()), time.monotonic()
        if admits(breaker, now) == "probe":
            breaker = self._seen[name] = take_probe(breaker, now, hold_s)
            return Entry(name, breaker.generation, probe=True, outage=self._outages)
        let_in = _let_in(name, breaker, now)
        return let_in if isinstance(let_in, Refused) else replace(let_in, outage=self._outages)

    async def _settle(self, entry: Entry, signal: Signal, why: str, wish_s: float) -> bool:
        if not entry.probe and (signal == "nothing" or (signal == "answered" and entry.clean)):
            return True  # it changes nothing: no write

        def change(breaker: Breaker, now: float) -> Breaker:
            return settle(breaker, now, entry.generation, signal, self._rules, why=why, wish_s=wish_s)

        if entry.outage == 0 and self._may_ask():
            try:
                changed = await self._ask(lambda _: self._table.change(entry.name, change))
            except NO_STATE as error:
                self._gone(error)
            else:
                self._remember(entry.name, changed.after, changed.now)
                _report(entry.name, changed.before, changed.after)
                return changed.after.state == "closed"
        if self._away_until is None or entry.outage not in (0, self._outages):
            return True  # let in by this process alone in an outage that is over
        before = self._seen.get(entry.name, Breaker())
        after = self._seen[entry.name] = change(before, time.monotonic())
        _report(entry.name, before, after)
        return after.state == "closed"

    def _remember(self, name: str, breaker: Breaker, now: float) -> None:
        self._seen[name] = replace(breaker, retry_at=breaker.retry_at - now + time.monotonic())

    def _may_ask(self) -> bool:
        return self._away_until is None or time.monotonic() >= self._away_until

    def _gone(self, error: Exception) -> None:
        if self._away_until is None:
            self._outages += 1
            logger.warning("breakers are kept by this process alone: %s", type(error).__name__)
        self._away_until = time.monotonic() + self._away_s

    async def _ask(self, question: Callable[[_Ask], Coroutine[Any, Any, R]]) -> R:
        """Ask the database, but wait for it no longer than `ask_s`.

        In a task of its own: psycopg waits for the server even when it is cancelled, and a pool that is being
        opened must not be torn. What nobody waits for any more ends by the pool's own limits.
        """
        ask = _Ask()
        task = asyncio.create_task(question(ask), name="breaker")
        self._asks.add(task)
        task.add_done_callback(self._answered)
        try:
            done, _ = await asyncio.wait({task}, timeout=self._ask_s)
        except asyncio.CancelledError:
            ask.given_up = True
            raise
        if not done:
            ask.given_up = True
            raise DatabaseUnavailable(f"The database gave no answer within {self._ask_s:g} seconds.")
        answer = task.result()
        self._away_until = None
        return answer

    def _answered(self, task: asyncio.Task[Any]) -> None:
        self._asks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, NO_STATE):
            logger.error("a breaker could not be read or changed: %s", type(error).__name__)


class _Ask:
    """One question to the database, and whether anybody still waits for the answer."""

    given_up = False


def _let_in(name: str, breaker: Breaker, now: float) -> Entry | Refused:
    if admits(breaker, now) == "pass":
        return Entry(name, breaker.generation, clean=breaker.failures == 0)
    wait_s = max(0.0, breaker.retry_at - now)
    reason = breaker.last_error or "its last calls failed"
    if breaker.state == "half_open":
        return Refused(name, f"{name} is being tried again by one call ({reason}).", wait_s)
    return Refused(name, f"{name} is left alone for {wait_s:.0f} s ({reason}).", wait_s)


def _report(name: str, before: Breaker, after: Breaker) -> None:
    if before.state != after.state:
        logger.warning("breaker %s: %s -> %s", name, before.state, after.state)
