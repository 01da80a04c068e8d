"""What nobody answers in time: reviews and questions are reminded, then escalated; nothing approves itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checkpoints.pools import Connection
from graphs.services import Services
from orderdesk.cases.drive import SQL
from orderdesk.domain.ids import derived_id
from orderdesk.observability.decision_log import LogEntry, write_log
from orderdesk.review.reviews import SQL as REVIEWS
from tools.ledger import Warrant, record_effect


async def chase_overdue(services: Services) -> int:
    """Remind and escalate whatever is due; returns how many reviews and questions that were.

    Each step is taken once and stands in the decision log, in one transaction; several workers may do it side
    by side. An expired question leaves its case to the next drive, which brings it to a person.
    """
    now = services.clock.now()
    async with services.pool.connection() as connection, connection.transaction():
        reviews = await _reviews(connection, now)
        questions = await _questions(connection, now)
        await write_log(connection, [*reviews, *questions])
    return len(reviews) + len(questions)


async def _reviews(connection: Connection, now: datetime) -> list[LogEntry]:
    at = {"now": now}
    reminded = await (await connection.execute(REVIEWS.remind, at)).fetchall()
    escalated = await (await connection.execute(REVIEWS.escalate, at)).fetchall()
    late = [
        _entry(
            row["case_id"], f"remind:{row['review_id']}", "reminded", f"a {row['role']} has not decided", now
        )
        for row in reminded
    ]
    return late + [
        _entry(
            row["case_id"], f"escalate:{row['review_id']}", f"escalated to a {row['role']}",
            "nobody has decided in time", now,
        )
        for row in escalated
    ]  # fmt: skip


async def _questions(connection: Connection, now: datetime) -> list[LogEntry]:
    at = {"now": now}
    expired = await (await connection.execute(SQL.expire_questions, at)).fetchall()
    repeated = await (await connection.execute(SQL.questions_to_repeat, at)).fetchall()
    for row in repeated:
        await _send_again(connection, row, now)
    done = [(row, "expire", "goes to a person") for row in expired]
    done += [(row, "remind", "asked once more") for row in repeated]
    return [
        _entry(row["case_id"], f"{node}:{row['question']}", what, "the customer has not answered", now)
        for row, node, what in done
    ]


async def _send_again(connection: Connection, row: dict[str, Any], now: datetime) -> None:
    """The question as it was allowed and sent, to the same address, under a ledger key of its own."""
    first, case_id, target = row["request"], str(row["case_id"]), f"{row['question']}-reminder"
    host = str(first["message_id"]).partition("@")[2]
    mail = {
        **first,
        "message_id": f"{derived_id('mail', case_id, target)}@{host}",
        "date": now.isoformat(),
    }
    warrant = Warrant(
        case_id=case_id, autonomy="auto", approval=row["approval"], payload_hash=row["payload_hash"]
    )
    await record_effect(connection, warrant, "send_mail", target, mail, now=now)
    await connection.execute(SQL.question_repeated, {"case_id": case_id})


def _entry(case_id: str, node: str, what: str, why: str, now: datetime) -> LogEntry:
    return LogEntry(
        case_id=case_id, step=0, node=node, kind="note", actor="clock", what=what, why=why, at=now
    )
