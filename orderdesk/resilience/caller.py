"""The one way to call what may fail: breaker, lane, budget, deadline and retries around one piece of work."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Generic, TypeVar, cast

from langgraph.errors import GraphBubbleUp
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_result,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from orderdesk.resilience.breaker import Breakers, Entry, Refused
from orderdesk.resilience.deadline import share_of_time
from orderdesk.resilience.failures import Failed, Then, Verdict
from orderdesk.resilience.lanes import Lanes
from orderdesk.resilience.operation import Done, Operation

T = TypeVar("T")
Pause = Callable[[float], Awaitable[None]]

# Full jitter: a random wait of at most 0.2 s, 0.4 s, 0.8 s... so that those who failed together come back apart.
BACKOFF = wait_random_exponential(multiplier=0.2, max=4.0)
# A try that was cut says something about the other side only if it had at least this share of the deadline. What
# is cut after a long wait for a free place says that we are busy, and must not open the breaker for everybody.
FAIR_SHARE = 0.5


class Caller:
    """Runs operations. Nothing else in the house retries, waits or gives up on a call that may fail."""

    def __init__(self, breakers: Breakers, lanes: Lanes, *, pause: Pause = asyncio.sleep) -> None:
        self._breakers = breakers
        self._lanes = lanes
        self._pause = pause

    async def run(self, operation: Operation, work: Callable[[], Awaitable[T]]) -> Done[T] | Failed:
        """Do the work, with all its tries within the operation's deadline.

        What the work raises becomes a Failed, as the operation judges it. Raised as they are: a cancellation from
        outside and LangGraph's own signals, which count for nothing, and errors of the budget's own table, without
        which nothing may be sent.
        """
        return await _Call(self._breakers, self._lanes, self._pause, operation, work).run()


class _Call(Generic[T]):
    """One operation under way."""

    def __init__(
        self,
        breakers: Breakers,
        lanes: Lanes,
        pause: Pause,
        operation: Operation,
        work: Callable[[], Awaitable[T]],
    ) -> None:
        self._breakers = breakers
        self._lanes = lanes
        self._pause = pause
        self._operation = operation
        self._work = work
        # Of a case that is running out of time a call takes half of what is left: its rules can still work.
        self._within_s = share_of_time(operation.deadline_s)
        self._limit = asyncio.timeout(self._within_s)
        self._started = time.monotonic()
        self._tries = 0
        self._entry: Entry | None = None
        self._place = AsyncExitStack()  # in the lane
        self._let_in = True  # the breaker would let another try in
        self._sent_at: float | None = None  # the last try that was sent
        self._gave: tuple[T] | None = None
        self._last: Verdict | None = None  # of the last try that was sent

    async def run(self) -> Done[T] | Failed:
        """All tries, and what came of them."""
        retrying = AsyncRetrying(
            sleep=self._pause,
            retry=retry_if_result(self._again),
            wait=_wait,
            stop=stop_after_attempt(self._operation.max_tries) | stop_before_delay(self._within_s),
            retry_error_callback=_last_outcome,
        )
        async with self._place:
            try:
                async with self._limit:
                    verdict = cast("Verdict | None", await retrying(self._once))
            except TimeoutError:
                if not self._limit.expired():
                    raise
                verdict = await self._cut()
            finally:
                await self._give_back()
        seconds = time.monotonic() - self._started
        if self._gave is not None:
            return Done(self._gave[0], self._tries, seconds)
        assert verdict is not None  # nothing was given, so somebody said why
        return Failed(
            operation=self._operation.name,
            kind=verdict.kind,
            then=self._afterwards(verdict),
            why=verdict.why,
            alert=verdict.alert,
            tries=self._tries,
            seconds=seconds,
        )

    async def _once(self) -> Verdict | None:
        """One try; None = the work gave its value."""
        if refusal := await self._enter():
            return self._last or refusal
        waited = await self._take_place()
        # It may have opened while this one stood in the queue: then it would only wait for the deadline.
        if waited and (refusal := await self._enter()):
            return self._last or refusal
        # Asked last, so that the budget counts what is sent and nothing else.
        if refusal := await self._reserve():
            return refusal
        verdict = await self._send()
        entry, self._entry = self._entry, None
        if entry is not None:
            self._let_in = await self._breakers.leave(entry, verdict)
        # Only now: who takes this place must find the breaker as this try left it. Other ways out end in `run`.
        await self._place.aclose()
        return verdict

    async def _enter(self) -> Verdict | None:
        if not self._operation.breaker:
            return None
        await self._give_back()
        entry = await self._breakers.enter(self._operation.breaker, hold_s=self._operation.deadline_s)
        if isinstance(entry, Refused):
            self._let_in = False
            return Verdict(kind="breaker_open", then="next", counts=False, why=entry.why, maybe_done=False)
        self._entry = entry
        return None

    async def _take_place(self) -> bool:
        """Take a place in the lane; gives whether it had to be waited for."""
        if not self._operation.lane:
            return False
        operation = self._operation
        lane = self._lanes.lane(
            operation.lane, operation.priority, hold_s=self._within_s, case_id=operation.fenced_case
        )
        return await self._place.enter_async_context(lane)

    async def _reserve(self) -> Verdict | None:
        allowance = self._operation.allowance
        why = "" if allowance is None else await allowance.reserve()
        if not why:
            return None
        await self._give_back()
        return Verdict(kind="over_budget", then="next", counts=False, why=why, maybe_done=False)

    async def _send(self) -> Verdict | None:
        self._tries += 1
        self._last = None
        self._sent_at = time.monotonic()
        try:
            self._gave = (await self._work(),)
        except GraphBubbleUp:
            raise
        except Exception as error:
            if self._limit.expired():
                # The work turned our cancellation into an error of its own; it is the deadline all the same.
                raise TimeoutError from error
            self._last = self._operation.judge(error)
        return self._last

    async def _cut(self) -> Verdict | None:
        """What it means that the deadline is over; it depends on what it interrupted."""
        if self._gave is not None or self._last is not None:
            return self._last  # only the book-keeping or a pause was cut
        seconds = f"{round(self._within_s, 1):g} seconds"
        if self._sent_at is None:
            why = f"It could not be sent within {seconds}: no place was free, or the database gave no answer."
            return Verdict(kind="busy", then="next", counts=False, why=why, maybe_done=False)
        had = time.monotonic() - self._sent_at
        fair = had >= self._operation.deadline_s * FAIR_SHARE
        why = f"No answer within {seconds}." if fair else f"No answer in the last {had:.1f} of {seconds}."
        verdict = Verdict(
            kind="timeout", then="next" if self._operation.idempotent else "person", counts=fair, why=why
        )
        entry, self._entry = self._entry, None
        if entry is not None:
            await self._breakers.leave(entry, verdict)
        return verdict

    async def _give_back(self) -> None:
        entry, self._entry = self._entry, None
        if entry is not None:
            await self._breakers.give_back(entry)

    def _again(self, verdict: Verdict | None) -> bool:
        if verdict is None or verdict.then != "retry" or not self._let_in:
            return False
        return self._operation.idempotent or not verdict.maybe_done

    def _afterwards(self, verdict: Verdict) -> Then:
        if verdict.then != "retry":
            return verdict.then
        # Nobody knows whether it happened: another rung could do it twice, so a person looks.
        return "next" if self._operation.idempotent or not verdict.maybe_done else "person"


def _wait(state: RetryCallState) -> float:
    """Seconds until the next try: as long as the other side asked for, and never less than the backoff."""
    verdict = None if state.outcome is None else state.outcome.result()
    asked = verdict.retry_after_s if isinstance(verdict, Verdict) else None
    backoff = BACKOFF(state)
    return backoff if asked is None or math.isnan(asked) else max(asked, backoff)


def _last_outcome(state: RetryCallState) -> object:
    return None if state.outcome is None else state.outcome.result()
