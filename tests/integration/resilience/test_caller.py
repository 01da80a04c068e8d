"""The one call path, through its public door: tries, waits, deadlines, breakers, lanes and budgets."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from langgraph.errors import GraphInterrupt

from checkpoints.pools import LazyPool
from orderdesk.domain.errors import DatabaseUnavailable
from orderdesk.resilience.breaker import Breakers, Entry
from orderdesk.resilience.budget import CaseBudget, Limits, spent
from orderdesk.resilience.caller import Caller
from orderdesk.resilience.failures import Failed, FailureKind, Then, Verdict
from orderdesk.resilience.lanes import Lane, Lanes
from orderdesk.resilience.operation import Done, Operation

MODEL = "gpt-4.1-mini"
LANE = "openai"
AMPLE_S = 60.0  # a deadline that no machine is too slow for
SHORT_S = 0.05  # a deadline that is there to be missed before anything is sent
HANG_S = 0.5  # one that is missed by the other side: everything before it is sent must fit well into it


class Trouble(Exception):
    """What the other side does, with the verdict on it."""

    def __init__(self, kind: FailureKind = "unavailable", then: Then = "retry", **more: Any) -> None:
        self.verdict = Verdict(kind=kind, then=then, counts=more.pop("counts", True), why=f"{kind}.", **more)


def judge(error: BaseException) -> Verdict:
    assert isinstance(error, Trouble), error
    return error.verdict


CALL = Operation(name="reader on gpt-4.1-mini", deadline_s=AMPLE_S, judge=judge, breaker=MODEL, lane=LANE)


class Provider:
    """The other side: it does what its script says, one item a call, then the last one for ever."""

    def __init__(self, *script: object) -> None:
        self.script = list(script)
        self.calls = 0
        self.started = asyncio.Event()

    async def __call__(self) -> object:
        self.calls += 1
        self.started.set()
        now = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(now, Exception):
            raise now
        if callable(now):
            return await now()
        return now


async def hang() -> None:
    await asyncio.Event().wait()


class Desk:
    """A caller with everything around it, and the waits it made."""

    def __init__(self, pool: LazyPool, lanes: Lanes, **rules: Any) -> None:
        self.pool = pool
        self.lanes = lanes
        self.waits: list[float] = []
        self.breakers = Breakers(pool, **{"ask_s": AMPLE_S, "open_s": 300.0} | rules)
        self.caller = Caller(self.breakers, lanes, pause=self.pause)

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def run(
        self, work: Callable[[], Awaitable[object]], operation: Operation = CALL
    ) -> Done[object] | Failed:
        return await self.caller.run(operation, work)

    async def failed(self, work: Callable[[], Awaitable[object]], operation: Operation = CALL) -> Failed:
        outcome = await self.run(work, operation)
        assert isinstance(outcome, Failed), outcome
        return outcome

    async def breaker(self) -> tuple[str, int]:
        """State and failures."""
        for state in await self.breakers.states():
            if state.name == MODEL:
                return state.state, state.failures
        return "closed", 0

    async def half_open(self) -> None:
        """Open it and let its time pass: the next call is the probe."""
        entry = await self.breakers.enter(MODEL)
        assert isinstance(entry, Entry)
        await self.breakers.leave(entry, Verdict(kind="timeout", then="next", counts=True, why="It hung."))
        async with self.pool.connection() as connection:
            await connection.execute("update breaker set retry_at = clock_timestamp() - interval '1 ms'")

    async def probe_is_free(self) -> bool:
        entry = await self.breakers.enter(MODEL)
        return isinstance(entry, Entry) and entry.probe


@pytest.fixture
async def pool(database_url: str) -> AsyncGenerator[LazyPool]:
    async with LazyPool(database_url) as pool:
        await pool.get()
        yield pool


@pytest.fixture
def desk(pool: LazyPool) -> Desk:
    return Desk(pool, Lanes({}, Lane(concurrency=1)))


async def test_what_works_is_called_once(desk: Desk) -> None:
    provider = Provider("the answer")
    done = await desk.run(provider)
    assert isinstance(done, Done)
    assert (done.value, done.tries, provider.calls, desk.waits) == ("the answer", 1, 1, [])
    assert 0 <= done.seconds < AMPLE_S


@pytest.mark.parametrize("value", [None, "", 0, False])
async def test_an_empty_value_is_a_value(desk: Desk, value: object) -> None:
    done = await desk.run(Provider(value))
    assert isinstance(done, Done)
    assert done.value == value


async def test_it_is_tried_again_after_a_random_and_growing_wait(desk: Desk) -> None:
    done = await desk.run(Provider(Trouble(), Trouble(), "the answer"))
    assert isinstance(done, Done)
    assert done.tries == 3
    assert len(desk.waits) == 2
    assert 0 <= desk.waits[0] <= 0.2
    assert 0 <= desk.waits[1] <= 0.4
    assert await desk.breaker() == ("closed", 0)


async def test_waits_differ_between_callers(desk: Desk) -> None:
    for _ in range(4):
        await desk.run(Provider(Trouble(), "the answer"))
    assert len(set(desk.waits)) == 4


async def test_after_the_last_try_the_next_rung_is_taken(desk: Desk) -> None:
    provider = Provider(Trouble())
    failed = await desk.failed(provider)
    assert provider.calls == 3
    assert failed.model_copy(update={"seconds": 0}) == Failed(
        operation=CALL.name, kind="unavailable", then="next", why="unavailable.", tries=3
    )
    assert await desk.breaker() == ("closed", 3)


@pytest.mark.parametrize(
    ("kind", "then", "counts", "alert"),
    [
        ("no_credit", "next", True, True),
        ("misconfigured", "next", True, True),
        ("refused", "next", False, False),
        ("invalid", "reask", False, False),
        ("our_request", "person", False, True),
        ("already_done", "stored", False, False),
        ("disk_full", "later", True, True),
    ],
)
async def test_what_is_not_to_be_retried_is_not(
    desk: Desk, kind: FailureKind, then: Then, counts: bool, alert: bool
) -> None:
    provider = Provider(Trouble(kind, then, counts=counts, alert=alert))
    failed = await desk.failed(provider)
    assert (failed.kind, failed.then, failed.alert, failed.tries) == (kind, then, alert, 1)
    assert provider.calls == 1
    assert await desk.breaker() == ("closed", int(counts))


async def test_the_wait_that_was_asked_for_is_kept_where_it_fits(desk: Desk) -> None:
    done = await desk.run(Provider(Trouble("rate_limited", retry_after_s=7.0), "the answer"))
    assert isinstance(done, Done)
    assert desk.waits == [7.0]


@pytest.mark.parametrize("asked", [AMPLE_S, 3600.0, math.inf])
async def test_a_wait_past_the_deadline_is_given_up_at_once(desk: Desk, asked: float) -> None:
    provider = Provider(Trouble("rate_limited", retry_after_s=asked))
    failed = await desk.failed(provider)
    assert (failed.kind, failed.then, failed.tries) == ("rate_limited", "next", 1)
    assert desk.waits == []
    assert provider.calls == 1


@pytest.mark.parametrize("asked", [0.0, -5.0, math.nan])
async def test_a_wish_that_is_none_is_not_followed(desk: Desk, asked: float) -> None:
    assert isinstance(await desk.run(Provider(Trouble(retry_after_s=asked), "the answer")), Done)
    assert 0 <= desk.waits[0] <= 0.2


async def test_what_may_have_happened_is_not_sent_twice(desk: Desk) -> None:
    send = replace(CALL, idempotent=False)
    provider = Provider(Trouble())
    assert (await desk.failed(provider, send)).then == "person"
    assert provider.calls == 1
    surely_not = Provider(Trouble(maybe_done=False), Trouble(maybe_done=False), "sent")
    assert isinstance(await desk.run(surely_not, send), Done)
    never = await desk.failed(Provider(Trouble(maybe_done=False)), replace(send, breaker=""))
    assert (never.then, never.tries) == ("next", 3)


async def test_a_hang_costs_one_deadline_and_the_next_call_nothing(desk: Desk) -> None:
    provider = Provider(hang)
    failed = await desk.failed(provider, replace(CALL, deadline_s=HANG_S))
    assert (failed.kind, failed.then, failed.tries) == ("timeout", "next", 1)
    assert provider.calls == 1
    refused = await desk.failed(provider)
    assert (refused.kind, refused.then, refused.tries) == ("breaker_open", "next", 0)
    assert "No answer within 0.5 seconds" in refused.why
    assert provider.calls == 1


async def test_a_hang_in_something_with_an_effect_is_a_persons(desk: Desk) -> None:
    operation = replace(CALL, deadline_s=HANG_S, idempotent=False)
    assert (await desk.failed(Provider(hang), operation)).then == "person"


async def test_a_deadline_that_the_work_turns_into_its_own_error_is_the_deadline(desk: Desk) -> None:
    async def disguised() -> None:
        try:
            await hang()
        except asyncio.CancelledError:
            raise Trouble from None

    provider = Provider(disguised)
    failed = await desk.failed(provider, replace(CALL, deadline_s=HANG_S))
    assert (failed.kind, failed.then, provider.calls) == ("timeout", "next", 1)


async def test_a_try_that_had_little_time_left_does_not_open_the_breaker(pool: LazyPool) -> None:
    operation = replace(CALL, deadline_s=1.0)
    desk = Desk(pool, Lanes({}, Lane()))

    async def most_of_the_deadline(_: float) -> None:
        await asyncio.sleep(0.6)  # what the test is about is the real deadline

    caller = Caller(desk.breakers, desk.lanes, pause=most_of_the_deadline)
    failed = await caller.run(operation, Provider(Trouble(counts=False), hang))
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.tries) == ("timeout", 2)
    assert await desk.breaker() == ("closed", 0)


async def test_a_full_lane_is_waited_for_until_the_deadline(desk: Desk, pool: LazyPool) -> None:
    budget = CaseBudget(pool, "c-1", Limits(calls=5, tokens=1000, usd=Decimal(1)))
    provider = Provider("the answer")
    async with desk.lanes.lane(LANE, hold_s=AMPLE_S):
        busy = await desk.failed(provider, replace(CALL, deadline_s=SHORT_S, allowance=budget))
    assert (busy.kind, busy.then, busy.tries) == ("busy", "next", 0)
    assert provider.calls == 0
    assert await desk.breaker() == ("closed", 0)
    async with pool.connection() as connection:
        assert (await spent(connection, "c-1")).calls == 0
    assert isinstance(await desk.run(provider), Done)


async def test_who_waited_for_a_place_looks_again_whether_it_is_worth_it(desk: Desk) -> None:
    provider = Provider(hang)
    first = asyncio.create_task(desk.failed(provider, replace(CALL, deadline_s=HANG_S)))
    await provider.started.wait()
    waiting = asyncio.create_task(desk.failed(provider))
    assert (await first).kind == "timeout"
    assert (await waiting).kind == "breaker_open"
    assert provider.calls == 1


async def test_the_more_urgent_one_goes_first(desk: Desk) -> None:
    order: list[int] = []
    provider = Provider(hang)
    first = asyncio.create_task(desk.run(provider))
    await provider.started.wait()

    def noting(priority: int) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            order.append(priority)

        return work

    queue = [
        asyncio.create_task(desk.run(noting(priority), replace(CALL, priority=priority, breaker="")))
        for priority in (1, 9, 5)
    ]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(*queue)
    assert order == [9, 5, 1]


async def test_a_breaker_that_opens_between_tries_ends_them(pool: LazyPool) -> None:
    desk = Desk(pool, Lanes({}, Lane()), threshold=2)
    provider = Provider(Trouble())
    failed = await desk.failed(provider, replace(CALL, max_tries=9))
    assert (failed.kind, failed.then, failed.tries, provider.calls) == ("unavailable", "next", 2, 2)
    assert len(desk.waits) == 1


async def test_a_breaker_that_another_opens_while_this_one_waits_ends_its_tries(pool: LazyPool) -> None:
    desk = Desk(pool, Lanes({}, Lane()))

    async def another_hangs(seconds: float) -> None:
        desk.waits.append(seconds)
        await desk.failed(Provider(hang), replace(CALL, deadline_s=HANG_S))

    provider = Provider(Trouble("rate_limited"))
    failed = await Caller(desk.breakers, desk.lanes, pause=another_hangs).run(CALL, provider)
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.then, failed.tries, provider.calls) == ("rate_limited", "next", 1, 1)
    assert len(desk.waits) == 1  # it does not wait for what stays closed to it


async def test_each_try_is_counted_and_none_goes_over_the_budget(desk: Desk, pool: LazyPool) -> None:
    budget = CaseBudget(pool, "c-1", Limits(calls=2, tokens=1000, usd=Decimal(1)))
    provider = Provider(Trouble())
    failed = await desk.failed(provider, replace(CALL, allowance=budget))
    assert (failed.kind, failed.then, failed.tries, provider.calls) == ("over_budget", "next", 2, 2)
    assert "2 of 2 calls" in failed.why
    async with pool.connection() as connection:
        assert (await spent(connection, "c-1")).calls == 2


async def test_over_budget_gives_the_probe_to_another(desk: Desk, pool: LazyPool) -> None:
    await desk.half_open()
    nothing = CaseBudget(pool, "c-1", Limits(calls=0, tokens=0, usd=Decimal(0)))
    assert (await desk.failed(Provider("unused"), replace(CALL, allowance=nothing))).kind == "over_budget"
    assert await desk.probe_is_free()


async def test_what_cannot_be_counted_is_not_sent(desk: Desk) -> None:
    await desk.half_open()
    provider = Provider("unused")
    async with LazyPool("postgresql://nobody@127.0.0.1:9/none") as nowhere:
        budget = CaseBudget(nowhere, "c-1", Limits(calls=2, tokens=1000, usd=Decimal(1)))
        with pytest.raises(DatabaseUnavailable):
            await desk.run(provider, replace(CALL, allowance=budget))
    assert provider.calls == 0
    assert await desk.probe_is_free()


async def test_a_cancellation_from_outside_counts_for_nothing(desk: Desk) -> None:
    await desk.half_open()
    before = await desk.breaker()
    provider = Provider(hang)
    task = asyncio.create_task(desk.run(provider))
    await provider.started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    after = await desk.breaker()
    assert after[1] == before[1]
    assert await desk.probe_is_free()
    async with asyncio.timeout(AMPLE_S), desk.lanes.lane(LANE, hold_s=AMPLE_S) as waited:
        assert waited is False


async def test_a_signal_of_the_graph_counts_for_nothing(desk: Desk) -> None:
    await desk.half_open()
    provider = Provider(GraphInterrupt())
    with pytest.raises(GraphInterrupt):
        await desk.run(provider)
    assert provider.calls == 1
    assert await desk.probe_is_free()


async def test_an_error_of_the_judge_is_not_hidden(desk: Desk) -> None:
    await desk.half_open()
    with pytest.raises(AssertionError):
        await desk.run(Provider(ValueError("unforeseen")))
    assert await desk.probe_is_free()


async def test_the_answer_of_a_probe_closes_the_breaker(desk: Desk) -> None:
    await desk.half_open()
    assert isinstance(await desk.run(Provider("the answer")), Done)
    assert await desk.breaker() == ("closed", 0)


async def test_without_breaker_and_lane_it_only_tries(desk: Desk) -> None:
    plain = replace(CALL, breaker="", lane="")
    async with desk.lanes.lane(LANE, hold_s=AMPLE_S):
        assert isinstance(await desk.run(Provider(Trouble(), "the answer"), plain), Done)
    assert await desk.breaker() == ("closed", 0)
