"""Effects that hang: sent again where nobody is at it any more, raised where a person has to see to it."""

from __future__ import annotations

import logging
from typing import Any

from graphs.services import Services
from orderdesk.cases.incidents import Found, IncidentKind
from orderdesk.cases.repairs import SQL, Repair, note_repairs
from orderdesk.intake.queue import SEND_EFFECTS, enqueue_upkeep

logger = logging.getLogger(__name__)

# How long a claim may be over before somebody is sent to look, in seconds; the senders look by themselves more often.
STUCK_S = 60.0
# How long an effect may be due before a person hears of it, in seconds.
UNSENT_S = 900.0
AT_ONCE = 1_000
MOST_FOUND = 10_000


async def send_stuck_effects(services: Services) -> int:
    """Have effects sent whose sender died in the middle; how many hang. The ledger says what may be repeated."""
    async with services.pool.connection() as connection, connection.transaction():
        where = {"after_s": STUCK_S, "limit": AT_ONCE}
        rows = await (await connection.execute(SQL.stuck_effects, where)).fetchall()
        if not rows or not await enqueue_upkeep(connection, SEND_EFFECTS):
            return 0
        repairs = {
            row["case_id"]: Repair(
                case_id=row["case_id"], kind="effect_sent", what=f"{row['kind']} {row['target']} is looked at again",
                why="whoever was sending it has not been heard of",
            )
            for row in rows
        }  # fmt: skip
        await note_repairs(connection, list(repairs.values()), services.clock.now())
    logger.info("%s effects hung in the middle of being sent; they are looked at again", len(rows))
    return len(rows)


async def found_effects(services: Services) -> list[tuple[IncidentKind, list[Found], bool]]:
    """The effects a person has to see, by kind of incident, and whether those are all."""
    wanted: list[tuple[IncidentKind, Any, dict[str, Any]]] = [
        ("effect_ambiguous", SQL.effects_for_a_person, {"status": "ambiguous"}),
        ("effect_failed", SQL.effects_for_a_person, {"status": "failed"}),
        ("effect_stuck", SQL.unsent_effects, {"after_s": UNSENT_S}),
    ]
    found: list[tuple[IncidentKind, list[Found], bool]] = []
    async with services.pool.connection() as connection:
        for kind, statement, where in wanted:
            rows = await (await connection.execute(statement, {**where, "limit": MOST_FOUND})).fetchall()
            found.append((kind, [_found(kind, row) for row in rows], len(rows) < MOST_FOUND))
    return found


def _found(kind: IncidentKind, row: dict[str, Any]) -> Found:
    named = f"{row['kind']} {row['target']}"
    settle = (
        f"`orderdesk effects settle {row['key']} sent|again|drop --reason ...`, or the desk's page of effects"
    )
    match kind:
        case "effect_ambiguous":
            what = f"Nobody knows whether {named} was sent."
            needed = f"Needed: look whether it arrived, then {settle}."
        case "effect_failed":
            what = f"{named} was refused, or tried too often."
            needed = f"Needed: mend the cause, then {settle}."
        case _:
            what = f"{named} has been {row['status']} for more than {UNSENT_S / 60:g} minutes, and nobody sends it."
            needed = "Needed: a worker that has the way out for it (orderdesk doctor shows what is set), or patience."
    return Found(subject=row["key"], case_id=row["case_id"], what=what, needed=needed)
