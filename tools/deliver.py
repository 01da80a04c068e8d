"""What leaves the house: claimed in the ledger, sent, and marked done; what nobody can tell is parked for a person.

A claim is committed before the call and holds for a time of the database's clock. What may have left the house is
sent again only where the receiver takes it twice as once (see docs/decisions/0011).
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
import uuid
from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from checkpoints.pools import LazyPool
from orderdesk.domain.clock import Clock
from orderdesk.domain.errors import EffectRefused
from orderdesk.resilience.caller import Caller
from orderdesk.resilience.failures import Failed, Verdict
from orderdesk.resilience.operation import Operation
from tools.effect_log import added_entry, log_parked
from tools.ledger import SQL
from tools.restored import exports_to_post, judge_effects
from tools.sending import WEBHOOK, Attempt, ClaimLost, Sender

logger = logging.getLogger(__name__)

# A sender that is left alone by its breaker is looked at again after this time, in seconds.
REST_S = 5.0
# The first wait after a failure, in seconds; it doubles up to the longest.
BACKOFF_S, LONGEST_BACKOFF_S = 30.0, 3600.0
# After so many tries a person looks: about seven hours.
MOST_TRIES = 14
# What a claim holds beyond the deadline of the call, in seconds: for the book-keeping before and after it.
MARGIN_S = 15.0


class Delivery:
    """Sends what the ledger holds, each effect by the sender that takes its kind and receiver.

    An effect that no sender here takes stays where it is. Safe to run on any number of machines at once.
    """

    def __init__(self, pool: LazyPool, senders: Sequence[Sender], caller: Caller, clock: Clock) -> None:
        self._pool = pool
        self._senders = list(senders)
        self._caller = caller
        self._clock = clock
        self._posts = any(sender.receiver == WEBHOOK for sender in senders)
        self._rests: dict[str, float] = {}

    async def deliver(self, case_id: str | None = None, *, limit: int = 100) -> int:
        """Send what is due (of one case, or of all); returns how many effects were done.

        Failures are kept in the ledger and tried again later. Raises EffectRefused, once everything else is sent,
        where a person has to look at one that failed for good.
        """
        done = 0
        refused: list[str] = []
        for sender in self._senders:
            for_sender = 0
            while for_sender < limit and not self._rests_now(sender):
                size = min(sender.batch, limit - for_sender)
                claim = f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex}"
                claimed = await self._claim(sender, claim, case_id, size)
                batch = [row for row in claimed if row["status"] == "sending"]
                done += await self._send_all(sender, claim, batch, refused)
                for_sender += len(claimed)
                if len(claimed) < size:
                    break
        if refused:
            raise EffectRefused(refused[0])
        return done

    def _rests_now(self, sender: Sender) -> bool:
        return time.monotonic() < self._rests.get(sender.through, 0.0)

    async def _claim(
        self, sender: Sender, claim: str, case_id: str | None, size: int
    ) -> list[dict[str, Any]]:
        where = {
            "case_id": case_id, "kinds": sender.kinds, "receiver": sender.receiver, "limit": size, "claim": claim,
            "through": sender.through, "repeatable": sender.repeatable, "most": MOST_TRIES, "lease_s": _lease(sender),
        }  # fmt: skip
        async with self._pool.connection() as connection, connection.transaction():
            await judge_effects(connection, self._clock.now())
            claimed = await (await connection.execute(SQL.claim_effects, where)).fetchall()
            for row in claimed:
                if row["status"] != "sending":
                    why = _LEFT if row["status"] == "ambiguous" else _DIED
                    await log_parked(connection, row, claim, row["status"], why, self._clock.now())
            if self._posts and sender.receiver == "" and "export_order" in sender.kinds:
                now = self._clock.now()
                exported = [row["key"] for row in claimed] + await exports_to_post(connection)
                keys = {"keys": exported, "now": now}
                for added in await (await connection.execute(SQL.add_webhook, keys)).fetchall():
                    await added_entry(connection, added, now)
        return claimed

    async def _send_all(
        self, sender: Sender, claim: str, batch: list[dict[str, Any]], refused: list[str]
    ) -> int:
        done: list[dict[str, Any]] = []
        try:
            for number, row in enumerate(batch):
                attempt = Attempt(lambda key=row["key"]: self._begin(sender, claim, key))
                try:
                    failed = await self._send(sender, row, attempt)
                except BaseException:
                    # Stopped from outside: what is known of it is written down, whatever else is going on.
                    await asyncio.shield(
                        self._interrupted(sender, claim, row, attempt, batch[number + 1 :], done)
                    )
                    raise
                if attempt.response is not None:
                    done.append(self._finished(sender, claim, row, attempt.response))
                elif failed is not None:
                    await self._failed(sender, claim, row, attempt, failed, refused)
        finally:
            if done:
                await asyncio.shield(self._finish(done))
        return len(done)

    async def _send(self, sender: Sender, row: dict[str, Any], attempt: Attempt) -> Failed | None:
        """One attempt; None = it was done, and the attempt holds the answer."""

        async def work() -> None:
            attempt.response = await sender.send(row["key"], row["kind"], row["request"], attempt)

        def judge(error: BaseException) -> Verdict:
            return sender.judge(error).model_copy(update={"maybe_done": attempt.maybe_done})

        operation = Operation(
            name=f"{row['kind']} through {sender.through}", deadline_s=sender.deadline_s, judge=judge,
            idempotent=sender.repeatable, max_tries=1, breaker=sender.breaker, lane=sender.breaker,
        )  # fmt: skip
        result = await self._caller.run(operation, work)
        return result if isinstance(result, Failed) else None

    async def _begin(self, sender: Sender, claim: str, key: str) -> None:
        if sender.repeatable:
            return  # the claim itself says that it may have happened
        where = {"key": key, "claim": claim, "through": sender.through, "lease_s": _lease(sender)}
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL.begin_effect, where)).fetchone()
        if row is None:
            raise ClaimLost(f"{key} was not sent: it took so long that somebody else has taken it up.")

    def _finished(
        self, sender: Sender, claim: str, row: dict[str, Any], response: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "key": row["key"], "claim": claim, "response": Jsonb(response), "now": self._clock.now(),
            "through": sender.through,
        }  # fmt: skip

    async def _finish(self, done: list[dict[str, Any]]) -> None:
        async with (
            self._pool.connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            await cursor.executemany(SQL.finish_effect, done)
            if cursor.rowcount < len(done):
                logger.error(
                    "of %s effects that were sent, %s had been settled by a person meanwhile: %s",
                    len(done), len(done) - cursor.rowcount, ", ".join(row["key"] for row in done),
                )  # fmt: skip

    async def _failed(
        self, sender: Sender, claim: str, row: dict[str, Any], attempt: Attempt, failed: Failed, refused: list[str]
    ) -> None:  # fmt: skip
        """Try again later, or park for a person."""
        why = f"{sender.through}: {failed.why}"
        if attempt.maybe_done and not sender.repeatable:
            await self._park(row, claim, "ambiguous", why)
            return
        if failed.kind in ("breaker_open", "busy"):
            self._rests[sender.through] = time.monotonic() + REST_S
            await self._put_back(claim, row, attempt.maybe_done, failed.why, after_s=REST_S, counted=False)
            return
        # A cut call asks for a person only where it may have happened, and that was seen to above.
        hopeless = failed.then == "person" and failed.kind != "timeout"
        if hopeless or row["attempts"] >= MOST_TRIES:
            await self._park(row, claim, "failed", why)
            refused.append(why)
            return
        wait = min(BACKOFF_S * 2 ** (row["attempts"] - 1), LONGEST_BACKOFF_S)
        await self._put_back(claim, row, attempt.maybe_done, failed.why, after_s=wait)

    async def _interrupted(
        self,
        sender: Sender,
        claim: str,
        row: dict[str, Any],
        attempt: Attempt,
        unsent: list[dict[str, Any]],
        done: list[dict[str, Any]],
    ) -> None:
        if attempt.response is not None:
            done.append(self._finished(sender, claim, row, attempt.response))
        elif attempt.maybe_done and not sender.repeatable:
            await self._park(row, claim, "ambiguous", "It was stopped while the answer was still to come.")
        else:
            await self._put_back(claim, row, attempt.maybe_done, _STOPPED, after_s=0, counted=False)
        for other in unsent:
            await self._put_back(claim, other, False, _STOPPED, after_s=0, counted=False)

    async def _put_back(
        self,
        claim: str,
        row: dict[str, Any],
        maybe_done: bool,
        why: str,
        *,
        after_s: float,
        counted: bool = True,
    ) -> None:
        logger.warning("%s is tried again in %.0f s: %s", row["key"], after_s, why)
        where = {
            "key": row["key"], "claim": claim, "error": why, "after_s": after_s, "counted": counted,
            "maybe_done": maybe_done,
        }  # fmt: skip
        async with self._pool.connection() as connection:
            await connection.execute(SQL.put_back_effect, where)

    async def _park(self, row: dict[str, Any], claim: str, status: str, why: str) -> None:
        async with self._pool.connection() as connection, connection.transaction():
            await log_parked(connection, row, claim, status, why, self._clock.now())


_LEFT = "Whoever sent it stopped before the answer came, and nothing can be looked up."
_STOPPED = "It was stopped before it was sent."
_DIED = "Whoever sends it stops before it is sent, time and again."


def _lease(sender: Sender) -> float:
    """Seconds a claim holds: all calls of a batch with their deadlines."""
    return sender.deadline_s * (1 if sender.repeatable else 2) + MARGIN_S
