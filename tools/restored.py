"""After a restore: what was sent between the backup and the loss is found out, and nothing of it is sent twice."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Literal

from psycopg.types.json import Jsonb

from checkpoints.pools import Connection, LazyPool
from checkpoints.queries import load_queries
from orderdesk.domain.base import Value
from orderdesk.domain.errors import ConfigurationError
from orderdesk.domain.ids import payload_hash
from orderdesk.observability.decision_log import LogEntry, write_log
from tools.ledger import log_node
from tools.outbox import compose_mail
from tools.proof_of_sending import Proofs, words_hash

SQL = load_queries("tools", "restored.sql")
logger = logging.getLogger(__name__)

Unproven = Literal["park", "send"]
# How many effects are judged in one transaction.
AT_ONCE = 500


class Restored(Value):
    """What `note_restore` has found and done."""

    mails_found: int
    orders_found: int
    last_number: str
    next_number_before: int
    next_number: int
    judged: dict[str, int]
    unmatched: tuple[str, ...]


async def must_be_our_database(pool: LazyPool) -> None:
    """Refuse a copy of a database, such as one restored from a backup, until a person has said what it is.

    A database no desk has run on yet is ours from now on. Raises ConfigurationError.
    """
    async with pool.connection() as connection:
        row = await (await connection.execute(SQL.is_a_copy)).fetchone()
        if row and row["is_a_copy"]:
            raise ConfigurationError(
                "This database was restored from a backup, or is a copy of another one: run `orderdesk restored` first "
                "(see Backup and restore in docs/operations.md), else what was sent before would be sent again."
            )
        await connection.execute(SQL.first_use)


async def note_restore(
    pool: LazyPool, proofs: Proofs, *, unproven: Unproven, finished: bool, highest: int, now: datetime
) -> Restored:
    """Note that this database was restored, with what is proven to have been sent since the backup; safe to repeat.

    Repeated before the restore is finished it adds to it. `highest`: highest order number known from elsewhere, or 0.
    """
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(SQL.lock_restores)
        await connection.execute(SQL.this_is_ours)
        row = await (await connection.execute(SQL.latest_restore)).fetchone()
        if row is None or row["finished_at"] is not None:
            begun = {"now": now, "unproven": unproven}
            row = await (await connection.execute(SQL.begin_restore, begun)).fetchone()
            assert row is not None
            await connection.execute(SQL.free_claims)
        restore = {"restore_id": row["restore_id"], "unproven": unproven}
        async with connection.cursor() as cursor:
            await cursor.executemany(SQL.add_sent, [mail.model_dump() for mail in proofs.mails.values()])
            await cursor.executemany(
                SQL.add_exported, [order.model_dump() for order in proofs.exports.values()]
            )
        numbers = await (await connection.execute(SQL.raise_numbers, {"highest": highest})).fetchone()
        assert numbers is not None
        await connection.execute(SQL.judge_again, restore)
        ending = {**restore, "finished_at": now if finished else None}
        await connection.execute(SQL.change_restore, ending)
    while True:
        async with pool.connection() as connection, connection.transaction():
            if not await judge_effects(connection, now):
                break
    async with pool.connection() as connection:
        judged = await (await connection.execute(SQL.count_judged, restore)).fetchall()
        unmatched = await (await connection.execute(SQL.unmatched)).fetchall()
    unknown = [f"{row['kind']} {row['what']} ({row['found_in']})" for row in unmatched]
    return Restored(
        mails_found=len(proofs.mails), orders_found=len(proofs.exports), last_number=f"SO-{row['last_number']:06}",
        next_number_before=numbers["before"] + 1, next_number=numbers["after"] + 1,
        judged={r["judged_as"]: r["n"] for r in judged}, unmatched=tuple(unknown),
    )  # fmt: skip


async def judge_effects(connection: Connection, now: datetime) -> list[str]:
    """Settle what was sent before a restore, and park what may have been, in the caller's transaction.

    Returns the keys that were judged, nothing where no database was ever restored.
    """
    locked = await (await connection.execute(SQL.lock_to_judge, {"limit": AT_ONCE})).fetchall()
    if not locked:
        return []
    keys = {"keys": [row["key"] for row in locked]}
    rows = await (await connection.execute(SQL.to_judge, keys)).fetchall()
    for row in rows:
        await _judge(connection, row, now)
    return [str(row["key"]) for row in rows]


async def exports_to_post(connection: Connection) -> list[str]:
    """Exports that were made before the loss and are not posted: a post carries its key, so twice is once."""
    rows = await (await connection.execute(SQL.exports_to_post)).fetchall()
    return [str(row["key"]) for row in rows]


async def _judge(connection: Connection, row: dict[str, Any], now: datetime) -> None:
    named, found_in = f"{row['kind']} {row['target']}", row["found_in"]
    status, judged_as, why = "done", "proven", f"It stands in {found_in}."
    what = f"{named} was sent before the database was restored"
    if found_in is None:
        status, judged_as = "ambiguous", "unproven"
        what, why = f"nobody knows whether {named} was sent before the database was restored", _UNPROVEN
    elif row["kind"] == "export_order" and payload_hash(row["request"]) != row["request_hash"]:
        status, judged_as = "ambiguous", "differs"
        why = f"{found_in} holds it with other contents. `again` writes this one over it, `sent` leaves that one."
    elif row["kind"] == "send_mail" and (doubt := _other_words(row)):
        judged_as, why = (
            "differs",
            f"{doubt} It is not sent again: read it in {found_in} and tell the customer.",
        )
    needed = "" if status == "done" else _NEEDED.format(row["key"])
    changes = {
        "key": row["key"], "status": status, "restore_id": row["restore_id"], "judged_as": judged_as,
        "response": Jsonb({"proof": found_in}) if status == "done" else None,
        "done_at": now if status == "done" else None, "error": None if status == "done" else why,
    }  # fmt: skip
    await connection.execute(SQL.judged, changes)
    entry = LogEntry(
        case_id=row["case_id"], step=0, node=log_node(row["kind"], row["target"]), n=row["noted"] + 1,
        kind="note" if judged_as == "proven" else "failure", actor="restore", what=what, why=why + needed,
        evidence={"effect": row["key"], "found_in": found_in}, at=now,
    )  # fmt: skip
    await write_log(connection, [entry])
    if judged_as != "proven":
        logger.warning("%s: %s %s", row["key"], what, why)


def _other_words(row: dict[str, Any]) -> str:
    """Why the customer may have read something else than what the desk would write now; '' = nothing says so."""
    request = row["request"]
    if row["words_hash"] is not None:
        same = row["words_hash"] == words_hash(compose_mail(request))
        return "" if same else "What was sent then reads differently from what would be sent now."
    number = row["order_number"]
    new = number is not None and int(number.rpartition("-")[2]) > row["last_number"]
    if request.get("kind") == "confirmation" and new and not row["number_known"]:
        return f"It may name another order number than {number}, under which the order is booked now."
    return ""


_UNPROVEN = "It may have been sent between the backup and the loss, and no proof of it was found."
_NEEDED = (
    " Needed: look in the mail server's log, the customer's mailbox or the company's system, then "
    "`orderdesk effects settle {} sent|again|drop --reason ...`; or `orderdesk restored` with more proof."
)
