"""The steps of retention: what each one looks for, and what it does, a batch in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString, NamedTuple

from checkpoints.pools import Connection
from checkpoints.pruning import prune, purge_threads
from checkpoints.queries import load_queries
from checkpoints.saver import RootSaver
from orderdesk.intake.purge import purge_cases, purge_messages, purge_raw
from orderdesk.observability.decision_log import LogEntry, write_log
from orderdesk.observability.purge import purge_log, reduce_log
from orderdesk.policy.retention import RetentionPolicy
from orderdesk.resilience.budget import purge_spend
from orderdesk.review.purge import purge_reviews
from tools.models.records import purge_answers, purge_calls
from tools.purge import purge_effects

SQL = load_queries("orderdesk.cases", "retention.sql")
# Cases or messages in one transaction: short, so that nobody waits long for a lock.
BATCH = 50


@dataclass(frozen=True)
class Times:
    """What was finished before these times is due; None = never."""

    now: datetime
    checkpoints: datetime | None
    answers: datetime | None
    raw: datetime | None
    not_an_order: datetime | None
    letters: datetime | None
    log: datetime | None

    @staticmethod
    def of(policy: RetentionPolicy, now: datetime) -> Times:
        """The times that follow from a policy."""

        def ago(days: int) -> datetime | None:
            return now - timedelta(days=days) if days else None

        return Times(
            now=now,
            checkpoints=ago(policy.checkpoints_days),
            answers=ago(policy.model_answers_days),
            raw=ago(policy.raw_days),
            not_an_order=ago(policy.not_an_order_days),
            letters=ago(policy.letters_days),
            log=ago(policy.decision_log_days),
        )


class Batch(NamedTuple):
    """What one transaction works on; the last id says where the next one goes on."""

    case_ids: list[str]
    thread_ids: list[str]
    message_ids: list[str]
    last: str


Find = Callable[[Connection, Times, str], Awaitable[Batch | None]]
Act = Callable[[Connection, RootSaver, Batch, Times], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """One thing retention does."""

    name: str
    find: Find
    act: Act
    counts: Callable[[Batch], int] = lambda batch: len(batch.case_ids)


async def finished_long_ago(
    connection: Connection,
    saver: RootSaver,
    step: Step,
    times: Times,
    *,
    dry_run: bool,
    stopping: Callable[[], bool],
) -> int:
    """Do a step for all that is due; returns how many cases or messages that were (in a dry run: would be)."""
    count, after = 0, ""
    while not stopping():
        async with connection.transaction():
            batch = await step.find(connection, times, after)
            if batch is None:
                break
            if not dry_run and step.counts(batch):
                await step.act(connection, saver, batch, times)
        count += step.counts(batch)
        after = batch.last
    return count


# -- finding -------------------------------------------------------------------------------------------------------


def _cases(statement: LiteralString, before: Callable[[Times], datetime | None]) -> Find:
    async def find(connection: Connection, times: Times, after: str) -> Batch | None:
        where = {"before": before(times), "after": after, "limit": BATCH}
        rows = await (await connection.execute(statement, where)).fetchall()
        return await _unfenced(connection, rows, rows[-1]["case_id"]) if rows else None

    return find


async def _raw(connection: Connection, times: Times, after: str) -> Batch | None:
    where = {"before": times.raw, "after": after, "limit": BATCH}
    rows = await (await connection.execute(SQL.due_raw, where)).fetchall()
    ids = [str(row["message_id"]) for row in rows]
    return Batch([], [], ids, ids[-1]) if ids else None


async def _letters(connection: Connection, times: Times, after: str) -> Batch | None:
    """Messages with all their cases: locked, then looked at again, as one may have been taken up meanwhile."""
    where: dict[str, Any] = {
        "before": times.letters, "other_before": times.not_an_order, "after": after, "limit": BATCH, "among": None,
    }  # fmt: skip
    found = await (await connection.execute(SQL.due_messages, where)).fetchall()
    if not found:
        return None
    ids = [str(row["message_id"]) for row in found]
    rows = await (await connection.execute(SQL.lock_cases, {"message_ids": ids})).fetchall()
    free = await _unfenced(connection, rows, ids[-1])
    held = {str(row["message_id"]) for row in rows} - set(free.message_ids)
    held |= {str(row["message_id"]) for row in rows if row["case_id"] not in free.case_ids}
    still = await (await connection.execute(SQL.due_messages, {**where, "among": ids})).fetchall()
    due = {str(row["message_id"]) for row in still} - held
    kept = [row for row in rows if row["message_id"] in due]
    cases = [str(row["case_id"]) for row in kept]
    answers = await (await connection.execute(SQL.answers_to, {"case_ids": cases})).fetchall()
    messages = sorted(due | {str(row["message_id"]) for row in answers})
    return Batch(cases, [str(row["thread_id"]) for row in kept], messages, ids[-1])


async def _unfenced(connection: Connection, rows: Sequence[dict[str, Any]], last: str) -> Batch:
    """Those of the cases that no worker holds; they are held until the transaction ends."""
    ids = [str(row["case_id"]) for row in rows]
    held = await (await connection.execute(SQL.fenced, {"case_ids": ids})).fetchall()
    free = {row["case_id"] for row in held}
    ours = [row for row in rows if row["case_id"] in free]
    return Batch(
        [str(row["case_id"]) for row in ours],
        [str(row["thread_id"]) for row in ours],
        [str(row["message_id"]) for row in ours],
        last,
    )


# -- doing ---------------------------------------------------------------------------------------------------------


async def _prune(connection: Connection, saver: RootSaver, batch: Batch, times: Times) -> None:
    # On connections of the saver's own; a run that is killed in between prunes these threads again.
    await prune(saver, batch.thread_ids, "keep_latest")
    await _mark(connection, SQL.mark_pruned, batch, times)


async def _delete_threads(connection: Connection, saver: RootSaver, batch: Batch, times: Times) -> None:
    await purge_threads(connection, batch.thread_ids)
    await _mark(connection, SQL.mark_thread, batch, times)


async def _erase_answers(connection: Connection, saver: RootSaver, batch: Batch, times: Times) -> None:
    await purge_answers(connection, batch.case_ids)
    await _mark(connection, SQL.mark_answers, batch, times)


async def _erase_raw(connection: Connection, saver: RootSaver, batch: Batch, times: Times) -> None:
    await purge_raw(connection, batch.message_ids, times.now)


async def _erase(connection: Connection, saver: RootSaver, batch: Batch, times: Times) -> None:
    """Everything that quotes the message goes with it, so that no case is erased by half."""
    await purge_messages(connection, batch.message_ids, times.now)
    await purge_cases(connection, batch.case_ids, times.now)
    await purge_reviews(connection, batch.case_ids)
    await purge_effects(connection, batch.case_ids)
    await reduce_log(connection, batch.case_ids)
    await write_log(connection, [_note(case_id, times.now) for case_id in batch.case_ids])
    await _erase_answers(connection, saver, batch, times)
    await _delete_threads(connection, saver, batch, times)


async def _delete_log(connection: Connection, saver: RootSaver, batch: Batch, times: Times) -> None:
    await purge_log(connection, batch.case_ids)
    await purge_calls(connection, batch.case_ids)
    await purge_spend(connection, batch.case_ids)
    await _mark(connection, SQL.mark_log, batch, times)


async def _mark(connection: Connection, statement: LiteralString, batch: Batch, times: Times) -> None:
    await connection.execute(statement, {"case_ids": batch.case_ids, "now": times.now})


def _note(case_id: str, now: datetime) -> LogEntry:
    return LogEntry(
        case_id=case_id, step=0, node="retention", kind="note", actor="policy", what="erased",
        why="The time to keep the message and the texts about it is over.", at=now,
    )  # fmt: skip


def _never_too_soon(times: Times) -> datetime | None:
    return times.now


STEPS = (
    Step("cases pruned to their last checkpoint", _cases(SQL.due_to_prune, _never_too_soon), _prune),
    Step("cases without checkpoints now", _cases(SQL.due_thread, lambda t: t.checkpoints), _delete_threads),
    Step("cases without model answers now", _cases(SQL.due_answers, lambda t: t.answers), _erase_answers),
    Step("raw messages erased", _raw, _erase_raw, lambda batch: len(batch.message_ids)),
    Step("cases erased", _letters, _erase),
    Step("decision logs deleted", _cases(SQL.due_log, lambda t: t.log), _delete_log),
)
