"""The life of a case: what the desk, the API, the command line and the workers call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from agents.reader.child import count_in_child
from checkpoints.saver import RootSaver
from graphs.review_node import checked_answer
from graphs.services import Services
from orderdesk.cases.drive import SQL, Driver, Graph
from orderdesk.cases.incidents import open_incidents
from orderdesk.cases.overdue import chase_overdue
from orderdesk.cases.points import points_of
from orderdesk.cases.reconcile import Reconciled, reconcile
from orderdesk.cases.retention import Retained, retain
from orderdesk.domain.clock import business_date
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.errors import EffectRefused, OrderDeskError, StaleDecision
from orderdesk.domain.ids import content_hash
from orderdesk.intake.case_rows import SQL as CASES
from orderdesk.intake.case_rows import get_case, load_answers, load_message
from orderdesk.intake.messages import Inbound, Stored, find_stored, store_message
from orderdesk.intake.queue import SEND_EFFECTS, enqueue_upkeep
from orderdesk.observability.decision_log import read_log
from orderdesk.review.actors import Actor
from orderdesk.review.answers import InvalidAnswer, parse_answer
from orderdesk.review.reviews import SQL as REVIEWS
from orderdesk.review.reviews import Decided, decide, resolve_review_id
from tools.deliver import Delivery
from tools.documents.read import compose_message
from tools.ledger import SQL as LEDGER
from tools.settling import Settling, resolve_effect_key, settle_effect

logger = logging.getLogger(__name__)


class CaseService:
    """Everything one can do with cases. One per process; all its methods are safe to call side by side."""

    def __init__(self, graph: Graph, services: Services, delivery: Delivery) -> None:
        self._services = services
        self._driver = Driver(graph, services)
        self._graph = graph
        self._delivery = delivery

    # -- messages in ---------------------------------------------------------------------------------------------

    async def submit(
        self,
        raw: bytes,
        name: str,
        *,
        channel: str,
        as_of: date | None = None,
        idempotency_key: str | None = None,
        queue: bool = False,
    ) -> Stored:
        """Store one inbound message, once; the same bytes or Message-ID again give what is there.

        With `queue` its cases wait for a worker from then on; else the caller drives them, and if it dies before that,
        reconciliation queues them.
        """
        return await self._take(raw, name, name, channel, as_of, idempotency_key, queue)

    async def submit_parts(
        self,
        text: str,
        *,
        sender: str,
        subject: str,
        attachments: Sequence[tuple[str, bytes]],
        channel: str,
        idempotency_key: str | None = None,
        queue: bool = False,
    ) -> Stored:
        """Store a message an API client hands in as parts; `queue` as in `submit`."""
        raw = compose_message(text, sender, subject, list(attachments))
        source = subject or sender or "message"
        return await self._take(raw, "message.eml", source, channel, None, idempotency_key, queue)

    async def _take(
        self,
        raw: bytes,
        name: str,
        source: str,
        channel: str,
        as_of: date | None,
        idempotency_key: str | None,
        queue: bool,
    ) -> Stored:
        """Store a message; one that is here already, byte for byte, is not even read again."""
        services = self._services
        digest = await asyncio.to_thread(content_hash, raw)
        known = await find_stored(services.pool, content_hash=digest, idempotency_key=idempotency_key)
        if known is not None:
            return known
        message = await services.readers.read(raw, name)
        sent = _sent_at(message)
        day = business_date(as_of, sent, services.clock)
        return await store_message(
            services.pool,
            Inbound(
                message=message,
                raw=raw,
                content_hash=digest,
                source=source,
                channel=channel,
                received_at=services.clock.now(),
                business_date=day,
                orders=await count_in_child(services.readers, message),
                priority=await points_of(message, day, services),
                idempotency_key=idempotency_key,
                queue=queue,
            ),
        )

    # -- cases ---------------------------------------------------------------------------------------------------

    async def drive(self, case_id: str) -> dict[str, Any]:
        """Bring a case to its next stop, send what it decided to send, and return its report."""
        report = await self._driver.drive(case_id)
        try:
            await self._delivery.deliver(case_id)
        except EffectRefused as error:
            # The case has its outcome; what could not be sent stands in its log and in the list of effects.
            logger.warning("case %s: %s", case_id, error)
        return report

    async def advance(self, case_id: str) -> None:
        """Bring a case to its next stop and queue the sending of what it decided, as a worker does.

        Raises like `drive`, and CasePutBack after `drain`.
        """
        await self._driver.drive(case_id)
        async with self._services.pool.connection() as connection:
            if await (await connection.execute(LEDGER.has_unsent, {"case_id": case_id})).fetchone():
                await enqueue_upkeep(connection, SEND_EFFECTS)

    def drain(self) -> None:
        """Have every case under way stop behind the step it is at, and begin no other one."""
        self._driver.drain()

    async def deliver(self) -> int:
        """Send whatever is due, of any case; returns how many effects were done.

        Raises EffectRefused, after everything else was sent, where one needs a person now.
        """
        return await self._delivery.deliver()

    # -- effects -------------------------------------------------------------------------------------------------

    async def effects(
        self, case_id: str | None = None, *, state: str | None = None, limit: int = 200
    ) -> list[dict[str, Any]]:
        """Effects with state, tries, next try and last error, newest first: a case's, those of a state, or both.

        Without either: whatever has not come to its end.
        """
        where = {"case_id": case_id, "state": state, "limit": limit}
        async with self._services.pool.connection() as connection:
            return await (await connection.execute(LEDGER.list_effects, where)).fetchall()

    async def settle_effect(self, key: str, how: Settling, actor: Actor, *, reason: str) -> dict[str, Any]:
        """Record what a person says of an ambiguous or failed effect; `again` is sent with the next delivery.

        `key` is the effect's, or a unique start of it. Raises NotAllowed, StaleDecision, and OrderDeskError for a
        key nobody knows or without a reason; then nothing is changed.
        """
        async with self._services.pool.connection() as connection, connection.transaction():
            whole = await resolve_effect_key(connection, key)
            return await settle_effect(connection, whole, how, actor, reason, self._services.clock.now())

    async def chase_overdue(self) -> int:
        """Remind and escalate reviews and questions nobody answered in time; returns how many."""
        return await chase_overdue(self._services)

    async def reconcile(self) -> Reconciled:
        """Repair what a crash left half-way, and raise what a person has to see; safe at any time, beside workers."""
        return await reconcile(self._services, self._graph)

    async def incidents(self, limit: int = 200) -> list[dict[str, Any]]:
        """What reconciliation found that a person has to see, the newest first."""
        return await open_incidents(self._services.pool, limit)

    async def retain(
        self,
        *,
        dry_run: bool = False,
        only_if_due: bool = False,
        stopping: Callable[[], bool] = lambda: False,
    ) -> Retained | None:
        """Prune and erase what is due; None where another run is under way, or none is due yet."""
        services, saver = self._services, self._graph.checkpointer
        assert isinstance(saver, RootSaver)
        return await retain(
            services.pool, saver, services.policy.retention, services.clock,
            dry_run=dry_run, only_if_due=only_if_due, stopping=stopping,
        )  # fmt: skip

    async def open_cases(self, limit: int = 100) -> list[str]:
        """Cases nobody has brought to a stop yet, most urgent first; also those a crash left half-way."""
        async with self._services.pool.connection() as connection:
            rows = await (await connection.execute(CASES.open_cases, {"limit": limit})).fetchall()
        return [str(row["case_id"]) for row in rows]

    async def report(self, case_id: str) -> dict[str, Any]:
        """A case as `process --json` prints it."""
        return await self._driver.report(case_id)

    async def retry(self, case_id: str) -> dict[str, Any]:
        """Take a case up again that ended without a result: a dead letter, or one handed over as unfinished.

        It goes on from its last checkpoint, with a fresh allowance of time, and with its unfinished workers started
        again. Raises OrderDeskError for any other case, CaseBusy while somebody works on it.
        """
        await self._driver.take_up_again(case_id)
        return await self.drive(case_id)

    async def list_cases(self, status: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """The newest cases, all or those of a status or outcome."""
        async with self._services.pool.connection() as connection:
            return await (
                await connection.execute(SQL.list_cases, {"status": status, "limit": limit})
            ).fetchall()

    async def resolve_case_id(self, prefix: str) -> str:
        """A case's whole id from the start of it. Raises OrderDeskError when none or several fit."""
        start = _start_of_id(prefix)
        async with self._services.pool.connection() as connection:
            rows = (
                await (await connection.execute(SQL.find_case, {"prefix": start})).fetchall() if start else []
            )
        if not rows:
            raise OrderDeskError(f"No case begins with {prefix!r}: `orderdesk cases` lists their ids.")
        if len(rows) > 1:
            raise OrderDeskError(f"Several cases begin with {prefix!r}: give more of the id.")
        return str(rows[0]["case_id"])

    async def story(self, case_id: str) -> dict[str, Any]:
        """The whole story of a case: its message, steps, decisions, effects and report."""
        async with self._services.pool.connection() as connection:
            case = await get_case(connection, case_id)
            log = await read_log(connection, case_id)
            effects = await (
                await connection.execute(LEDGER.effects_of_case, {"case_id": case_id})
            ).fetchall()
            decisions = await (
                await connection.execute(REVIEWS.decisions_of_case, {"case_id": case_id})
            ).fetchall()
        case.pop("report", None)
        return {
            "case": case,
            "log": log,
            "effects": effects,
            "decisions": decisions,
            "report": await self.report(case_id),
        }

    async def message_of(self, case_id: str) -> tuple[ReadMessage, list[ReadMessage]]:
        """The message a case came from, and the customer's answers to it."""
        async with self._services.pool.connection() as connection:
            case = await get_case(connection, case_id)
            return await load_message(connection, case["message_id"]), await load_answers(connection, case_id)

    async def why(self, case_id: str) -> str:
        """Why a case stands where it stands, in one line: the gate's gravest reason, or the failure."""
        async with self._services.pool.connection() as connection:
            row = await (await connection.execute(SQL.last_reason, {"case_id": case_id})).fetchone()
        if row is None:
            return ""
        reasons = (row["evidence"] or {}).get("reasons") or [row["why"]]
        more = f" (+{len(reasons) - 1} more)" if len(reasons) > 1 else ""
        return f"{reasons[0]}{more}"

    async def stats(self) -> dict[str, Any]:
        """Counts, cost and latency of everything so far."""
        async with self._services.pool.connection() as connection:
            row = await (await connection.execute(SQL.stats)).fetchone()
        assert row is not None
        return {**row, "outcomes": {"booked": 0} | row["outcomes"], "cost_usd": format(row["cost_usd"], "f")}

    async def engine(self) -> dict[str, Any]:
        """How the engine stands: jobs by queue, workers alive, the oldest waiting case, incidents, settled effects."""
        async with self._services.pool.connection() as connection:
            row = await (await connection.execute(SQL.engine)).fetchone()
        assert row is not None
        return row

    # -- reviews -------------------------------------------------------------------------------------------------

    async def reviews(self, limit: int = 200) -> list[dict[str, Any]]:
        """Reviews waiting for a person, the most urgent first."""
        async with self._services.pool.connection() as connection:
            return await (await connection.execute(REVIEWS.list_open, {"limit": limit})).fetchall()

    async def review(self, review_id: str) -> dict[str, Any]:
        """One review with its payload and, where there is one, its decision. A unique start of the id is enough."""
        if not (start := _start_of_id(review_id)):
            raise OrderDeskError(
                f"No review begins with {review_id!r}: run `orderdesk review list` for the ids."
            )
        async with self._services.pool.connection() as connection:
            whole = await resolve_review_id(connection, start)
            row = await (await connection.execute(REVIEWS.get_review, {"review_id": whole})).fetchone()
        assert row is not None
        return row

    async def decide(
        self, review_id: str, raw_answer: Any, actor: Actor, *, payload_hash: str | None = None
    ) -> tuple[Decided, dict[str, Any]]:
        """Record a person's answer, then bring the case to its next stop; returns both.

        `payload_hash` is of what the person saw; without it the review as it stands counts. Raises
        InvalidAnswer, NotAllowed or StaleDecision, and then nothing is recorded.
        """
        review = await self.review(review_id)
        answer = parse_answer(raw_answer)
        if answer is None:
            raise StaleDecision("Left pending: nothing was recorded.")
        try:
            answer = checked_answer(answer, review["payload"])
        except InvalidAnswer:
            if review["closed_at"] is None:
                raise  # else the closed review says so itself
        async with self._services.pool.connection() as connection, connection.transaction():
            decided = await decide(
                connection,
                review_id=review["review_id"],
                payload_hash=payload_hash or review["payload_hash"],
                answer=answer,
                actor=actor,
                limits=self._services.role_limits,
                now=self._services.clock.now(),
            )
        if decided.decision_id is None or decided.already:
            return decided, await self.report(decided.case_id)
        return decided, await self.drive(decided.case_id)


def _sent_at(message: ReadMessage) -> datetime | None:
    return datetime.fromisoformat(message.sent_at) if message.sent_at else None


def _start_of_id(text: str) -> str:
    """What an id may begin with, or nothing: an empty text or a wildcard would find whatever is there."""
    start = text.strip().lower()
    return start if start and set(start) <= set("0123456789abcdef-") else ""
