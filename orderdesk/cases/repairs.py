"""What reconciliation did to a case, in its decision log; what was repaired often in vain is a person's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from checkpoints.pools import Connection
from checkpoints.queries import load_queries
from orderdesk.cases.incidents import Found
from orderdesk.domain.base import Value
from orderdesk.observability.decision_log import LogEntry, write_log

SQL = load_queries("orderdesk.cases", "reconcile.sql")

RepairKind = Literal["queued", "review_shown", "started_over", "review_closed", "effect_sent"]
# A case that was repaired so often in one way is not repaired that way again: more of the same would end the same.
MOST_REPAIRS = 5


class Repair(Value):
    """One repair of one case."""

    case_id: str
    kind: RepairKind
    what: str
    why: str

    @property
    def node(self) -> str:
        """The decision log's name of it."""
        return f"reconcile:{self.kind}"


async def note_repairs(connection: Connection, repairs: Sequence[Repair], now: datetime) -> list[Found]:
    """Write repairs into the decision log, in the caller's transaction; returns the cases that had their last one."""
    done = await repairs_so_far(connection, [repair.case_id for repair in repairs])
    entries: list[LogEntry] = []
    stuck: list[Found] = []
    for repair in repairs:
        n = done.get((repair.case_id, repair.node), 0)
        if n >= MOST_REPAIRS:
            stuck.append(stuck_case(repair.case_id, repair.what))
            continue
        entries.append(
            LogEntry(
                case_id=repair.case_id, step=0, node=repair.node, n=n, kind="note", actor="reconciliation",
                what=repair.what, why=repair.why, at=now,
            )
        )  # fmt: skip
    await write_log(connection, entries)
    return stuck


async def repairs_so_far(connection: Connection, case_ids: Sequence[str]) -> dict[tuple[str, str], int]:
    """How often each case was repaired before, by case and node."""
    if not case_ids:
        return {}
    rows = await (await connection.execute(SQL.repairs_so_far, {"case_ids": list(case_ids)})).fetchall()
    return {(str(row["case_id"]), str(row["node"])): int(row["n"]) for row in rows}


def stuck_case(case_id: str, what: str) -> Found:
    """A case that does not stay repaired."""
    return Found(
        subject=case_id, case_id=case_id,
        what=f"Case {case_id} was repaired {MOST_REPAIRS} times ({what}) and is broken again.",
        needed=f"Needed: somebody who looks at `orderdesk case {case_id[:8]}` and at the log of the workers.",
    )  # fmt: skip
